"""Suggested wording in the tables."""

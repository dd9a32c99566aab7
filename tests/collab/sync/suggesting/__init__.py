"""Suggested wording brought into documents."""

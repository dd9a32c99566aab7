"""Suggested wording over the API."""

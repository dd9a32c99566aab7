"""Joining ideas over the API."""

"""Workshops over the API."""

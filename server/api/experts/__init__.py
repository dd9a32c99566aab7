"""Expertise over the API."""

"""Telling other systems of public events, over signed HTTP requests."""

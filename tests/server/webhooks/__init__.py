"""Telling other systems of public events."""

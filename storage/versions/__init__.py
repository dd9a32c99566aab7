"""Queries about the versions of a text."""

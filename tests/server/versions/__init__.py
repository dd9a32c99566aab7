"""Versions of a text: named, compared, attributed, replayed and brought back."""

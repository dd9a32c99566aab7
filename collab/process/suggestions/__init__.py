"""Wording that people suggest for a text: rows beside it, never marks in it."""

"""Joining ideas that are about the same thing, and separating them again."""

"""Finding ideas like a text, and keeping what ideas mean."""

"""Queries about what ideas mean."""

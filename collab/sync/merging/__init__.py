"""Bringing what changed in one text into another that began as its copy."""

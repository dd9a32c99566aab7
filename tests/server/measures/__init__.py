"""Measures over HTTP: commitments, recognition, register, badges, central measures."""

"""Merging ideas over HTTP."""

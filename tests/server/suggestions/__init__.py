"""Suggested wording over HTTP: make it, decide about it, look at it."""

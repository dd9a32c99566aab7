"""Workshops over HTTP, in sockets and in the tables."""

"""Sockets below ASGI: frames, bounds, time limits."""

"""Simulated machines: time, networks, storage, and server processes with the real rooms."""

"""Simulated people: their devices, how they edit, and what they say on the wire."""

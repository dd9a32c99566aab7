"""Organisations: what kinds there are, how they hang together, how one follows another."""

"""Seeded simulation of people, networks, processes and storage around the real rooms."""

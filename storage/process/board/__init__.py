"""Queries on the moderators' board: its cards, claims, prepared decisions, notes."""

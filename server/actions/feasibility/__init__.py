"""Judging feasibility."""

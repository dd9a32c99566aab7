"""Responsibility as rules: its states, who fits, who is first."""

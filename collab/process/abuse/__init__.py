"""Abuse: reports by anybody, decisions with reasons, appeals, and slow mode."""

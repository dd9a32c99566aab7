"""Queries about reports, hidings and slow mode."""

"""Reporting, deciding, objecting, and slow mode."""

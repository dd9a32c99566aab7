"""Committed facts, each a frozen value: told to open pages, and kept as the log."""

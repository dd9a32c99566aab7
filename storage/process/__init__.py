"""Queries of the process: one module per topic."""

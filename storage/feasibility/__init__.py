"""Queries of judgements."""

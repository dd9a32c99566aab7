"""Judgements of feasibility over the API."""

"""Judgements as bars and tables."""

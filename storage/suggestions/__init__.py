"""Queries of wording that people suggest."""

"""Judgements and what they say together, without any I/O."""

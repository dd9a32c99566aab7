"""Rounds of judging, and judgements whose text has changed."""

"""Rows of workshops: the evening, its tables, who is there, and the documents it made."""

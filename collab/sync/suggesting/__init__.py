"""Bringing a suggested wording into a document, without any I/O."""

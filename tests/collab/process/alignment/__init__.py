"""Statements of what an idea pays into, without any I/O."""

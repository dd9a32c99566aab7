"""Expertise, without any I/O."""

"""Bringing changes of one text into its copy, without any I/O."""

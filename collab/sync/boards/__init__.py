"""Boards: notes and groups in a live document of schema 2, read and written without any I/O."""

"""Organisations answer for ideas, over HTTP and in the process."""

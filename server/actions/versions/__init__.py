"""Naming kept versions of a text, and bringing what stands in them back."""

"""Versions of a text: what people call them, and the steps in which a text came about."""

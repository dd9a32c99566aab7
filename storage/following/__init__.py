"""Queries of what people follow and what is addressed to them."""

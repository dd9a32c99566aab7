"""How alike ideas are."""

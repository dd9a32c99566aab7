"""How alike ideas are, without any I/O."""

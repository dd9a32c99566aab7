"""Export and erasure of a person, over the whole application."""

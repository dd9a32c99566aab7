"""The API of where ideas are meant to be."""

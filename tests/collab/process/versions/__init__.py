"""Rules about versions of a text."""

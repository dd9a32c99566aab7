"""Taking out of the database what shall be in it no more, down to the bytes of its files."""

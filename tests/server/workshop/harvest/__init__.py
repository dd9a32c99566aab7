"""What comes out of a workshop."""

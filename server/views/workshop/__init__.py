"""What the pages of a workshop show."""

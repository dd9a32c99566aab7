"""What the pages of measures show."""

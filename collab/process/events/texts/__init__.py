"""What happens to a text besides its being written."""

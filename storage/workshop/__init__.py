"""What is remembered of workshops."""

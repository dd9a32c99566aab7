"""What is remembered of workshops, on both engines."""

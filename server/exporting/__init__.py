"""What is in the arena as files for others."""

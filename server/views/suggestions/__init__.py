"""What pages show of suggested wording."""

"""What pages show of expertise."""

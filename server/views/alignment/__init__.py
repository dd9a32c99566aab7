"""What pages show of the statements on guiding ideas and fields of action."""

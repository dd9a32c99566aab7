"""What pages show of the record of a case."""

"""What pages show of judgements."""

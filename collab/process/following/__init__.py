"""What people want to hear of, and what is addressed to them."""

"""Following, and telling people what is addressed to them."""

"""What the clock does for those who follow: telling them, and writing to them."""

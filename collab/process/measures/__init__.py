"""What ideas become and what is said of it: commitments, recognition, numbers, the register."""

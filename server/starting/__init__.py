"""What must be right before a process takes people in, and what is said when it is not."""

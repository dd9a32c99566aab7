"""What happens to what ties ideas to goals and to each other."""

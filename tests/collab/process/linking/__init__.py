"""Links between ideas, without any I/O."""

"""What official acts do besides moving an idea."""

"""What nodes of one arena tell each other."""

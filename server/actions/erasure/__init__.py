"""What a person may ask for about himself: everything Arena holds, and that it holds no more."""

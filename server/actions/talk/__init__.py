"""What people say beside the text."""

"""What people say beside the text, over the API."""

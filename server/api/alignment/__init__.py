"""The API of what ideas pay into."""

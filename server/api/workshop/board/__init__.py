"""The board of a workshop over the API."""

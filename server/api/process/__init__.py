"""The processes over the API."""

"""Similar ideas over the API."""

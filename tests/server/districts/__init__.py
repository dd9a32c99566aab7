"""Similar ideas: by meaning and by words."""

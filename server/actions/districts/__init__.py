"""Where in the city an idea is meant to be, as its team says."""

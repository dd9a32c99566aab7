"""Pages of the harvest of a workshop and of its minutes."""

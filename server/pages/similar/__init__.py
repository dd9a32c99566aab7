"""Pages of similar ideas."""

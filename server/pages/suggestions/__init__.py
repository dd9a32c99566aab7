"""Pages of suggested wording."""

"""The board of a workshop, page by page."""

"""The board of a workshop as pages and programs see it."""

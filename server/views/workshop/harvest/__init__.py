"""The harvest of a workshop as pages and files show it."""

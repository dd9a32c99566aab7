"""The API of support for teams."""

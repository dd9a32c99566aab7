"""Pages of support for teams."""

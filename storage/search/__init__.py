"""Finding ideas: by words, by similar titles, and page by page."""

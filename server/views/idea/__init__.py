"""The page of an idea as parts, each of which can be fetched again by itself."""

"""The pages, acts and API of one idea."""

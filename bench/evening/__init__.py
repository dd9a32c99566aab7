"""A workshop evening from the first code to the last late word, with everything that goes wrong."""

"""How much a browser works for a board that forty people write on."""

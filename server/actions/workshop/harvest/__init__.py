"""Acts on what comes out of a workshop."""

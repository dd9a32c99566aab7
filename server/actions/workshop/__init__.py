"""Acts at a workshop: opening it, coming in, being sent out."""

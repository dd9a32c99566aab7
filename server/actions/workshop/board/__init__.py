"""Acts at the board of a workshop: notes, silent notes, dots, ideas out of notes."""

"""What the list of all ideas shows: its cards, its filters, the seats of those who are here."""

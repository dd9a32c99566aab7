"""Tables of what ideas mean, and of machine hints that a team dismissed."""

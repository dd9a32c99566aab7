"""How much more several nodes carry, what an edit costs each part, and where that leads."""

"""How long what has served is kept, and clearing it away."""

"""How long what has served is kept."""

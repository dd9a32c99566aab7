"""Expertise: what people say they know, whom to ask for an idea, and asking them."""

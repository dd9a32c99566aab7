"""A room: the sessions of one document, their presence and their turns; no I/O."""

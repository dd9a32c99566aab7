"""One moment of the whole database as one file, for either engine."""

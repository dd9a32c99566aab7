"""Acts that put something on record of a case; each is one transaction with its event."""

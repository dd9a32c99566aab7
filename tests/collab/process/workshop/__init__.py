"""Rules of workshops."""

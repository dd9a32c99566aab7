"""Rules and sync: no I/O, no clock, no randomness, no event loop."""

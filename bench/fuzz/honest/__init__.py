"""Honest traffic, none of which may be refused: yjs editors, yrs writers, recorded keystrokes."""

"""Bringing a text back to what it was, by a change like any other: nothing is thrown away."""

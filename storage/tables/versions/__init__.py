"""Tables about the versions of a text."""

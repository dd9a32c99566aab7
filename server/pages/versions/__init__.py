"""Pages about the versions of a text: listed, restored, attributed, replayed."""

"""Live documents without I/O: codec, guard, document, presence, room, protocols."""

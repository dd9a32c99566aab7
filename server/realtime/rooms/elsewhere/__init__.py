"""What other processes write in the document of a room, and how the room keeps up with it."""

"""How long and how often other systems are told of an event."""

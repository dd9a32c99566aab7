"""Events of how people treat each other, and of who keeps order."""

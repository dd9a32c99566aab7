"""Rules of the moderators' board."""

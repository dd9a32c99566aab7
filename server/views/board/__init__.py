"""What the pages of the moderators' board show."""

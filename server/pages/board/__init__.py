"""The pages of the moderators' board."""

"""The rules of the moderators' board: claims, prepared decisions, what counts as stalled."""

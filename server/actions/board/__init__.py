"""What moderators do on the board: claims, acts on many ideas, prepared decisions, notes."""

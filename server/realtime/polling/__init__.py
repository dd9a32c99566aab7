"""What a node finds out by asking the database, whether or not the relay told it."""

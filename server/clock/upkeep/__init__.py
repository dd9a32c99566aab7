"""What the clock does for the database itself: compacting texts, clearing away what has served."""

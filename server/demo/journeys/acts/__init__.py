"""What the files call an act, and the action behind it, topic by topic."""

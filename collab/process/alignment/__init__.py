"""What an idea pays into: statements on guiding ideas and fields of action, and their reviews."""

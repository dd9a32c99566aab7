"""What an idea pays into: the team's statements, and what others hold of them."""

"""Events of asking people who are not in the team."""

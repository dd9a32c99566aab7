"""Pages of who answers for ideas, who speaks for whom, and for how long."""

"""The facts of a case that gates look at, gathered topic by topic from the tables."""

"""Files that people take along: one description of a paper, one walker, four writers."""

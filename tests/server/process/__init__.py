"""The process as a whole: random ways against a reference, and the ways people really go."""

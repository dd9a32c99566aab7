"""Facts about people who meet to work on ideas."""

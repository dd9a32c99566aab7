"""Reading out of a document how its text came about: who wrote which passage, step by step."""

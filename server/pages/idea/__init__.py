"""The page of one idea: its parts, its forms, and what they answer when something is refused."""

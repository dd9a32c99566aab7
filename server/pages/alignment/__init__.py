"""The pages of what an idea pays into."""

"""The pages and forms of the talk about ideas, and of tasks."""

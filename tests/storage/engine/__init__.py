"""The engines behind the database."""

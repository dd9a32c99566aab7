"""What people say, in the database."""

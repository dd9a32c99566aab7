"""What the processes of one Arena share through the database."""

"""What pages cost the server: processor time and questions to the database, page by page."""

"""Ideas from files: read a table, say what would happen, write it in batches."""

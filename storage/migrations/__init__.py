"""The history of the tables (Alembic); ``storage.migrate`` runs it."""

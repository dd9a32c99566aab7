"""Rows as SQLModel tables; rules live in collab.process."""

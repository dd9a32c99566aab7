"""Backups, promises of the tables, and what a database must be."""

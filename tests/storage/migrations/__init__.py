"""Migrations, and what they promise to older programs."""

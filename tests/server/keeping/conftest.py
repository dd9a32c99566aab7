"""Databases for the commands of operators."""

from tests.server.commands.conftest import arena, demonstration_file, nowhere

__all__ = ["arena", "demonstration_file", "nowhere"]

"""Databases for commands: none, a migrated one, and one with the demonstration."""

from pathlib import Path

import pytest

from tests.server.commands.arena import Shell, shell


@pytest.fixture(scope="session")
def demonstration_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that holds the demonstration, made by the commands themselves."""
    first = shell(tmp_path_factory.mktemp("demonstration"))
    first.works("migrate")
    first.works("demo")
    return first.folder / "arena.db"


@pytest.fixture
def nowhere(tmp_path: Path) -> Shell:
    """A shell without a database."""
    return shell(tmp_path)


@pytest.fixture
def arena(tmp_path: Path, demonstration_file: Path) -> Shell:
    """A shell at a demonstration arena of its own."""
    return shell(tmp_path, demonstration_file)

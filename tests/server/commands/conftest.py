"""Databases for commands: none, a migrated one, and one with the demonstration."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.harness.fixtures import Demonstration
from tests.server.commands.arena import Shell, shell


@pytest.fixture(autouse=True)
def log_is_put_back() -> Iterator[None]:
    """Every command turns the log of its process down; the tests after it are no command."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def demonstration_file(demonstration: Demonstration) -> Path:
    """The demonstration of the run, which the commands themselves have made."""
    return demonstration.file


@pytest.fixture
def nowhere(tmp_path: Path) -> Shell:
    """A shell without a database."""
    return shell(tmp_path)


@pytest.fixture
def arena(tmp_path: Path, demonstration_file: Path) -> Shell:
    """A shell at a demonstration arena of its own."""
    return shell(tmp_path, demonstration_file)

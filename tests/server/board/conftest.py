"""The arena with a person of every role, fresh for each test, on SQLite or on either engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.idea.arena_of_all import Everyone, everyone


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path) as arena:
        yield arena


@pytest.fixture
async def either(tmp_path: Path, database_url: str) -> AsyncIterator[Everyone]:
    """The same on either engine in turn."""
    folder = tmp_path / "server"
    folder.mkdir()
    async with everyone(folder, database_url=database_url) as arena:
        yield arena

"""A running arena on either engine, and on SQLite alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.idea.arena_of_all import Everyone, everyone


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    """An arena with a person of every role."""
    async with everyone(tmp_path, demo=False) as found:
        yield found


@pytest.fixture
async def either(tmp_path: Path, database_url: str) -> AsyncIterator[Everyone]:
    """The same on either engine in turn."""
    folder = tmp_path / "arena"
    folder.mkdir()
    async with everyone(folder, demo=False, database_url=database_url) as found:
        yield found

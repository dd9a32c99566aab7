"""The arena with a person of every role and some organisations, fresh for each module."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.idea.arena_of_all import everyone
from tests.server.responsibility.organisations import Bodies


@pytest.fixture(scope="module")
async def bodies(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bodies]:
    folder: Path = tmp_path_factory.mktemp("bodies")
    async with everyone(folder) as arena:
        yield await Bodies.founded(arena)

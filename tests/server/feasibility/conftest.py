"""The arena with a person of every role; tests of one module share it, each with its own ideas."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.idea.arena_of_all import Everyone, everyone


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    folder: Path = tmp_path_factory.mktemp("casefile")
    async with everyone(folder) as arena:
        yield arena

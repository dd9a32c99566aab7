"""The arena with a person of every role, one for all tests of a module: each has its own idea."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.idea.arena_of_all import Everyone, everyone


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    folder: Path = tmp_path_factory.mktemp("judged")
    async with everyone(folder) as arena:
        yield arena

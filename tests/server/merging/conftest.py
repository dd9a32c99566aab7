"""The arena with a person of every role, one for all tests of a module.

Each test makes ideas of its own, so that none meets what another left.
"""

from collections.abc import AsyncIterator

import pytest

from tests.server.idea.arena_of_all import Everyone, everyone


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path_factory.mktemp("arena")) as arena:
        yield arena

"""A served arena with everybody, in a moment of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.server.idea.arena_of_all import Everyone, everyone


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path_factory.mktemp("districts")) as arena:
        yield arena

"""The arena with a person of every role, who all have an address."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.following.news import News
from tests.server.idea.arena_of_all import everyone


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[News]:
    async with everyone(tmp_path) as found:
        news = News(found)
        await news.give_addresses()
        yield news

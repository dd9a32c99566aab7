"""What pages cost: the bench counts right, and pages ask the database no more than promised."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from bench.pages.measuring import Served, cost, percentile, served
from bench.pages.world import World, build
from server.settings import load_settings
from server.views.idea import gathering
from storage.database import Database
from tests.server.running import migrate_into

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
IDEA_QUERIES_MAX = 50
BOARD_QUERIES_MAX = 30


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[tuple[Served, World]]:
    """A small world of the bench, and the application on it."""
    await migrate_into(tmp_path / "arena.db")
    url = f"sqlite:///{tmp_path / 'arena.db'}"
    database = await Database.open(url)
    try:
        world = await build(database, ideas=60, events=90, now=NOW)
    finally:
        await database.close()
    settings = load_settings(database_url=url, var=tmp_path, similar="words")
    async with served(settings, moderator=world.moderator, participant=world.participant) as arena:
        yield arena, world


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = tuple(float(each) for each in range(20, 0, -1))
    assert (percentile(values, 0.5), percentile(values, 0.95)) == (10.0, 19.0)
    assert percentile((3.0,), 0.95) == 3.0


async def test_v1_pages_ask_no_more_than_promised_however_much_there_is(
    place: tuple[Served, World],
) -> None:
    arena, world = place
    pages = {
        "full": f"/ideas/{world.full}",
        "busy": f"/ideas/{world.busy}",
        "board": "/board",
    }
    asked = {}
    for name, path in pages.items():

        async def look(number: int, path: str = path) -> httpx2.Response:
            return await arena.moderator.get(path)

        # What the clock of the same process asks meanwhile is no cost of the page.
        looks = [await cost(look, rounds=1, warm_up=1) for _ in range(3)]
        asked[name] = min(each.queries for each in looks)
    assert 0 < asked["full"] <= IDEA_QUERIES_MAX
    assert 0 < asked["busy"] <= IDEA_QUERIES_MAX
    assert 0 < asked["board"] <= BOARD_QUERIES_MAX


async def test_v2_a_page_is_the_same_without_looking_ahead(
    place: tuple[Served, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    arena, world = place
    for client, ref in ((arena.guest, world.full), (arena.moderator, world.busy)):
        ahead = await client.get(f"/ideas/{ref}")
        with monkeypatch.context() as patched:
            patched.setattr(gathering, "MANY_PARTS", 1_000)
            plain = await client.get(f"/ideas/{ref}")
        assert ahead.text == plain.text

"""The tables are changed under a running server while two people type."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx2

from storage import migrate
from tests.harness.fixtures import settle
from tests.harness.process import ArenaProcess
from tests.server.keeping.typing import HANDLES, two_typing
from tests.storage.migrations.test_promises import later

ADDS = "ALTER TABLE document_log ADD COLUMN later INTEGER"
TAKES = "ALTER TABLE document_log DROP COLUMN later"


async def status_of(server: ArenaProcess) -> int:
    async with httpx2.AsyncClient() as client:
        return (await client.get(f"{server.origin}/readyz")).status_code


async def test_t34_t36_an_upgrade_refuses_no_keystroke(postgres_url: str, tmp_path: Path) -> None:
    server, second = ArenaProcess(postgres_url, tmp_path), another(postgres_url, tmp_path)
    tokens = settle(server, HANDLES)
    server.start()
    try:
        async with two_typing(server, tokens) as typists:
            await typists.more(10)
            expanded = later(tmp_path / "newer", ADDS)
            await migrate.upgrade(postgres_url, expanded)
            await typists.more(10)
            assert await status_of(server) == 200
            await asyncio.to_thread(second.start)
            await typists.more(10)
        assert [actor.refusals for actor in typists.actors] == [[], []]
        second.kill()
        contracted = later(
            tmp_path / "newest", TAKES, revision="9002", serves="9001", after=expanded
        )
        await migrate.upgrade(postgres_url, contracted)
        assert await status_of(server) == 503
        assert "no longer serves programs of revision" in server.tail()
    finally:
        second.kill()
        server.stop()


def another(url: str, folder: Path) -> ArenaProcess:
    """A second process of the same program at the same database."""
    (folder / "second").mkdir()
    return ArenaProcess(url, folder / "second")

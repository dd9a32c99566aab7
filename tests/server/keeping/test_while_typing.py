"""Two people type on while a backup is taken and the tables are changed; then it is restored."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import httpx2
import pytest

from storage import migrate
from tests.harness.actor import Actor
from tests.harness.api import Api
from tests.harness.fixtures import settle
from tests.harness.ideas import FREE_SECTION
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor
from tests.server.commands.arena import Shell
from tests.server.keeping.typists import HANDLES, Typists, two_typing
from tests.storage.keeping.test_promises import later

ADDS = "ALTER TABLE document_log ADD COLUMN later INTEGER"
TAKES = "ALTER TABLE document_log DROP COLUMN later"


@pytest.mark.timeout(300)
async def test_t30_t31_t34_t36_a_backup_and_an_upgrade_refuse_no_keystroke(
    postgres_url: str, tmp_path: Path
) -> None:
    server, second = (process(postgres_url, tmp_path / name) for name in ("first", "second"))
    tokens = settle(server, HANDLES)
    server.start()
    archive = tmp_path / "backup.zip"
    try:
        async with two_typing(server, tokens) as typists:
            await typists.more(10)
            before = set(typists.acknowledged)
            await asyncio.to_thread(at(postgres_url, tmp_path).works, "backup", str(archive))
            await typists.more(10)
            await the_tables_grow(postgres_url, tmp_path, typists, (server, second))
        assert [actor.refusals for actor in typists.actors] == [[], []]
        await what_is_taken_away_is_missed(postgres_url, tmp_path, server)
    finally:
        second.kill()
        server.stop()
    await another_goes_on(tmp_path, archive, typists, before, tokens)


async def the_tables_grow(
    url: str, folder: Path, typists: Typists, servers: tuple[ArenaProcess, ArenaProcess]
) -> None:
    """A newer Arena adds a column: the old one goes on, and can be started again."""
    running, second = servers
    await migrate.upgrade(url, later(folder / "newer", ADDS))
    await typists.more(10)
    assert await status_of(running) == 200
    await asyncio.to_thread(second.start)
    await typists.more(10)


async def what_is_taken_away_is_missed(url: str, folder: Path, server: ArenaProcess) -> None:
    """A still newer one takes it away again, and no longer serves the old one."""
    contracted = later(
        folder / "newest", TAKES, revision="9002", serves="9001", after=folder / "newer"
    )
    await migrate.upgrade(url, contracted)
    assert await status_of(server) == 503
    assert "no longer serves programs of revision" in server.tail()


async def another_goes_on(
    folder: Path, archive: Path, typists: Typists, before: set[str], tokens: dict[str, str]
) -> None:
    """The backup in a database of the other kind, and a server on it."""
    url = f"sqlite:///{folder / 'there.db'}"
    told = await asyncio.to_thread(at(url, folder).json, "restore", str(archive))
    assert (told["engine"], told["left"], told["faults"]) == ("postgresql", {}, [])
    there = process(url, folder / "there")
    there.start()
    try:
        async with Api(there.origin, tokens["participant"]) as api:
            text = await api.text(typists.idea.ref)
            idea = await api.idea(typists.idea.ref)
        words = set(re.findall(r"(?:anna|bela)\d{4}", json.dumps(text)))
        assert before <= words, "something that was acknowledged before is missing"
        assert set(typists.acknowledged) - words, "the backup has seen the future"
        assert text["version"]["epoch"] > 1
        await the_ahead_are_turned_away(there, typists.actors[0])
        await people_go_on(there, tokens, idea["document_id"])
    finally:
        there.stop()


def process(url: str, folder: Path) -> ArenaProcess:
    """A process in a folder of its own."""
    folder.mkdir()
    return ArenaProcess(url, folder)


async def status_of(server: ArenaProcess) -> int:
    async with httpx2.AsyncClient() as client:
        return (await client.get(f"{server.origin}/readyz")).status_code


def at(url: str, folder: Path) -> Shell:
    """Where an operator types."""
    return Shell(folder, {"ARENA_DATABASE_URL": url, "ARENA_VAR": str(folder / "var")})


async def the_ahead_are_turned_away(there: ArenaProcess, ahead: Actor) -> None:
    """Whose copy is ahead of the backup is told so before anything of it is read."""
    ahead.origin = there.origin.replace("http", "ws", 1)
    await ahead.type(FREE_SECTION, "typed after the backup")
    await ahead.connect(is_waiting=False)
    assert await ahead.until_closed() == 4409
    await ahead.disconnect()


async def people_go_on(there: ArenaProcess, tokens: dict[str, str], document: str) -> None:
    async with HocuspocusActor(there.origin, document, tokens["participant-2"]) as writer:
        await writer.type(FREE_SECTION, " And on it goes.")
        await writer.until_saved()

"""A backup is taken while two people type, and another server goes on from it."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

from tests.harness.actor import Actor
from tests.harness.api import Api
from tests.harness.fixtures import settle
from tests.harness.ideas import FREE_SECTION
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor
from tests.server.commands.arena import Shell
from tests.server.keeping.typing import HANDLES, two_typing


async def test_t30_t31_what_was_acknowledged_is_there_after_a_restoration_elsewhere(
    postgres_url: str, tmp_path: Path
) -> None:
    server = ArenaProcess(postgres_url, tmp_path)
    tokens = settle(server, HANDLES)
    server.start()
    file = tmp_path / "backup.zip"
    try:
        async with two_typing(server, tokens) as typists:
            await typists.more(10)
            before = set(typists.acknowledged)
            await asyncio.to_thread(at(postgres_url, tmp_path).works, "backup", str(file))
            await typists.more(10)
        assert [actor.refusals for actor in typists.actors] == [[], []]
    finally:
        server.stop()

    (tmp_path / "there").mkdir()
    url = f"sqlite:///{tmp_path / 'there' / 'arena.db'}"
    told = await asyncio.to_thread(at(url, tmp_path / "there").json, "restore", str(file))
    assert (told["engine"], told["left"], told["faults"]) == ("postgresql", {}, [])
    there = ArenaProcess(url, tmp_path / "there")
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

"""A real server that one person's words kill: once, and not twice; the others write on."""

from __future__ import annotations

import json
import sqlite3
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from collab.sync.address import DocumentAddress
from storage.documents import sha256
from tests.collab.sync import wire
from tests.harness.fixtures import Demonstration
from tests.harness.ideas import FREE_SECTION, TestIdea, open_idea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor, YWebsocketActor
from tests.harness.waiting import until
from tests.server.crash.killers import HANG, MODULE, READ, SEGFAULT


class MortalArena(ArenaProcess):
    """A server in which certain words kill."""

    file: Path

    def _serving(self) -> list[str]:
        return [sys.executable, "-m", MODULE, "serve"]

    def ready(self) -> dict[str, object]:
        """What ``/readyz`` says."""
        with urllib.request.urlopen(f"{self.origin}/readyz") as answer:
            told: dict[str, object] = json.load(answer)
            return told

    def seldom_opened(self) -> tuple[str, int]:
        """A document of the demonstration that no test has opened, and its head seq."""
        with closing(sqlite3.connect(self.file)) as connection:
            query = "SELECT id, seq FROM document WHERE epoch = 1 ORDER BY created_at, id"
            document, seq = connection.execute(query).fetchone()
        return str(document), int(seq)

    def kept_apart(self, idea: TestIdea) -> list[tuple[str, str, bytes]]:
        """What is in quarantine of the idea's text: verdict, phase, update."""
        document = DocumentAddress.parse(idea.document).document.hex
        with closing(sqlite3.connect(self.file)) as connection:
            query = 'SELECT verdict, phase, "update" FROM quarantine WHERE document_id = ?'
            return list(connection.execute(query, [document]))

    def execute(self, statement: str, *values: object) -> None:
        """Change the database behind Arena's back."""
        with closing(sqlite3.connect(self.file)) as connection, connection:
            assert connection.execute(statement, values).rowcount > 0


@pytest.fixture(scope="module")
def mortal(
    demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MortalArena]:
    """A running server with a demonstration arena of its own."""
    folder = tmp_path_factory.mktemp("mortal")
    process = MortalArena(demonstration.copy_to(folder), folder)
    process.file = folder / "arena.db"
    process.start()
    yield process
    process.stop()


@pytest.fixture
async def idea(mortal: MortalArena, tokens: dict[str, str]) -> TestIdea:
    """An open idea of the test's own."""
    return await open_idea(mortal.origin, tokens["participant"])


@pytest.mark.parametrize("deadly", [SEGFAULT, HANG])
async def test_s26_whoever_kills_the_server_does_so_once(
    mortal: MortalArena, tokens: dict[str, str], idea: TestIdea, deadly: str
) -> None:
    ana = HocuspocusActor(mortal.origin, idea.document, tokens["participant"])
    bo = YWebsocketActor(mortal.origin, idea.document, tokens["participant-2"])
    eve = HocuspocusActor(mortal.origin, idea.document, tokens["expert"])
    async with ana, bo, eve:
        await ana.type(FREE_SECTION, "Anfang ")
        await eve.until_reads(FREE_SECTION, "Anfang ")
        await eve.type(FREE_SECTION, f"{deadly} ")
        mortal.until_dead()
        mortal.start()
        for each in (ana, bo, eve):
            await each.disconnect()
            await each.connect()
        await eve.until(lambda: bool(eve.refusals), "a refusal")
        assert eve.refusals == ["quarantined"]
        assert eve.scope == "readonly"
        await bo.type(FREE_SECTION, "und weiter ")
        await bo.until_saved()
        await ana.until_reads(FREE_SECTION, "und weiter ")
        await eve.until_reads(FREE_SECTION, "und weiter ")
        assert deadly not in ana.text.read(FREE_SECTION)
        assert deadly in eve.text.read(FREE_SECTION), "the author keeps what he typed"
    assert mortal.is_alive
    ((verdict, phase, update),) = mortal.kept_apart(idea)
    assert (verdict, phase) == ("killer", "apply")
    assert deadly.encode() in update


async def test_s27_committed_words_that_kill_their_reader_are_taken_out(
    mortal: MortalArena, tokens: dict[str, str], idea: TestIdea
) -> None:
    ana = HocuspocusActor(mortal.origin, idea.document, tokens["participant"])
    eve = YWebsocketActor(mortal.origin, idea.document, tokens["expert-2"])
    async with ana, eve:
        await eve.type(FREE_SECTION, "Gut. ")
        await ana.until_reads(FREE_SECTION, "Gut. ")
        await eve.type(FREE_SECTION, READ)
        mortal.until_dead()
        mortal.start()
        await ana.disconnect()
        await ana.connect(is_waiting=False)
        await ana.until(lambda: bool(ana.refusals), "a refusal")
        assert ana.refusals == ["stale-document"]
    address = DocumentAddress.parse(idea.document)
    renewed = str(DocumentAddress(address.document, 2, address.schema))
    async with (
        HocuspocusActor(mortal.origin, renewed, tokens["participant"]) as one,
        HocuspocusActor(mortal.origin, renewed, tokens["expert-2"]) as other,
    ):
        assert one.text.read(FREE_SECTION).startswith("Gut. ")
        assert READ not in one.text.read(FREE_SECTION)
        assert (one.scope, other.scope) == ("read-write", "readonly")
        await one.type(FREE_SECTION, "Besser.")
        await one.until_saved()
        await other.until_reads(FREE_SECTION, "Besser.")
    assert mortal.is_alive


async def test_s27_a_poisoned_row_kills_once_and_every_other_text_is_served(
    mortal: MortalArena, tokens: dict[str, str], idea: TestIdea
) -> None:
    poisoned, seq = mortal.seldom_opened()
    nested = b"\x75\x01" * 27_000 + b"\x75\x00"
    poison = wire.update((4_242, 0, [wire.values(nested, parent=(1, 7), key="x")]))
    mortal.execute("UPDATE document SET seq = seq + 1 WHERE id = ?", poisoned)
    mortal.execute(
        "INSERT INTO document_log (document_id, epoch, seq, \"update\", sha256, clients, at) "
        "VALUES (?, 1, ?, ?, ?, '[]', '2026-11-23 10:00:00.000000')",
        poisoned, seq + 1, poison, sha256(poison),
    )  # fmt: skip
    address = str(DocumentAddress(UUID(poisoned), 1, 1))
    reader = YWebsocketActor(mortal.origin, address, tokens["moderator"])
    await reader.connect(is_waiting=False)
    mortal.until_dead()
    await reader.disconnect()
    mortal.start()
    assert mortal.ready()["suspect_documents"] == 1
    async with HocuspocusActor(mortal.origin, idea.document, tokens["participant"]) as ana:
        await ana.type(FREE_SECTION, "Hier geht es weiter.")
        await ana.until_saved()
    renewed = str(DocumentAddress(UUID(poisoned), 2, 1))
    async with YWebsocketActor(mortal.origin, renewed, tokens["moderator"]) as reader:
        assert reader.text.read("title"), "its last good state is there"
    assert mortal.is_alive
    # What was found out about the database is believed for a second.
    until(lambda: mortal.ready()["suspect_documents"] == 0, "nothing is suspect any more")

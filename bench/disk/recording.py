"""One run of a real hub over SQLite, with everything noted that its disk was asked to do.

Several people type into several texts, one unmistakable token per keystroke. What leaves for a
client is read off the wire: an acknowledgement promises the token it answers, a shown text
promises every token in it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import UUID, uuid4

from bench.disk import vfs
from bench.disk.journal import Entry, Journal
from bench.disk.typists import Typist
from collab.process.dossier import load_dossier
from server.actions import seeds
from server.realtime.hub import Hub
from storage import documents, ideas, migrate, people
from storage.database import Database, StorageUnavailable

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

# Small enough that a short run compacts, cuts and starts its WAL anew many times.
SNAPSHOT_ROWS = 12
PROJECTION_S = 0.1
CHECKPOINT_COMMITS = 8
TRIM_S = 0.02


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is typed."""

    seed: int
    texts: int = 3
    people_per_text: int = 2
    keystrokes: int = 40


@dataclass(frozen=True, slots=True)
class Recording:
    """The files before the run, all that was asked of the disk, and the documents."""

    before: dict[str, bytes]
    entries: list[Entry]
    documents: list[UUID]


async def record(
    plan: Plan, folder: Path, *, journal: Journal | None = None, synchronous: str = "FULL"
) -> Recording:
    """Let people type into fresh texts; ``synchronous`` is for showing what less would lose."""
    file = folder / "recorded.db"
    made, persons = await _prepare(plan, file)
    before = {str(path): path.read_bytes() for path in [file]}
    journal = journal or Journal()
    journal.begins_with(before)
    with (
        vfs.watched(journal),
        patch("storage.engine.connect.SYNCHRONOUS", synchronous),
        patch("storage.engine.checkpoints.COMMITS", CHECKPOINT_COMMITS),
        patch("server.realtime.rooms.keeping.SNAPSHOT_ROWS", SNAPSHOT_ROWS),
        patch("server.realtime.rooms.keeping.SNAPSHOT_S", 0.0),
        patch("server.realtime.rooms.projector.PROJECTION_S", PROJECTION_S),
    ):
        database = await Database.open(f"sqlite:///{file}")
        try:
            await _type(database, journal, plan, made, persons)
        finally:
            await database.close()
    return Recording(before, journal.entries, made)


async def _prepare(plan: Plan, file: Path) -> tuple[list[UUID], list[UUID]]:
    """A database with texts and people, closed and settled."""
    url = f"sqlite:///{file}"
    await migrate.upgrade(url)
    database = await Database.open(url)
    try:
        persons = [await _person(database, number) for number in range(plan.people_per_text)]
        texts = [await _text(database, persons[0]) for _ in range(plan.texts)]
    finally:
        await database.close()
    assert not file.with_name(f"{file.name}-wal").exists(), "the database was left open"
    return texts, persons


async def _person(database: Database, number: int) -> UUID:
    person_id = uuid4()
    async with database.write() as tx:
        name = f"typist-{number}"
        await people.create(tx, person_id=person_id, handle=name, name=name, now=NOW)
        await people.add_role(tx, person_id, "participant")
    return person_id


async def _text(database: Database, author: UUID) -> UUID:
    """An open idea; the id of its text."""
    document_id = uuid4()
    async with database.write() as tx:
        template = load_dossier("need")
        seeded = seeds.seed(template, "Radweg", {})
        version = await seeds.store(tx, document_id, seeded, NOW)
        idea = await ideas.create(
            tx,
            idea_id=uuid4(),
            ref=await ideas.next_reference(tx, NOW.year),
            kind="need",
            title="Radweg",
            stage="open",
            template_id=template.id,
            template_version=template.version,
            process_id="gdb-arena",
            process_version=1,
            document_id=document_id,
            created_by=author,
            now=NOW,
        )
        await ideas.add_role(tx, idea.id, author, "author")
        await seeds.project(tx, idea.id, seeded, version, NOW)
    return document_id


async def _type(
    database: Database, journal: Journal, plan: Plan, made: Sequence[UUID], persons: Sequence[UUID]
) -> None:
    rng = random.Random(plan.seed)
    hub = Hub(database, lambda: NOW)
    await hub.start()
    try:
        typists = [
            Typist(hub, journal, document, person, f"{LETTERS[place]}{LETTERS[seat]}")
            for place, document in enumerate(made)
            for seat, person in enumerate(persons)
        ]
        trimming = asyncio.create_task(_trim_regularly(database, made))
        try:
            await asyncio.gather(*(each.type_on(plan.keystrokes, rng) for each in typists))
        finally:
            trimming.cancel()
            await asyncio.gather(trimming, return_exceptions=True)
    finally:
        await hub.stop()


async def _trim_regularly(database: Database, made: Sequence[UUID]) -> None:
    """Cut what the snapshots cover, as often as possible."""
    while True:
        for document in made:
            with suppress(StorageUnavailable):
                async with database.write() as tx:
                    await documents.trim(tx, document, NOW + timedelta(days=1))
            await asyncio.sleep(TRIM_S)

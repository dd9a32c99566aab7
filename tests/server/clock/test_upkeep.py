"""Texts are compacted and logs cut by the clock: in pieces, restartable, and losing nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from collab.sync.document import Document
from collab.sync.text import render
from server.clock.jobs import UPKEEP_JOBS
from server.clock.runner import Runner
from server.clock.upkeep import compaction
from server.clock.upkeep.compaction import QUIET
from server.realtime.crash.child import Died
from server.realtime.holders import schema_of
from storage import documents
from storage.log import quarantine
from storage.log.rows import LOG, SNAPSHOT
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.idea.writing import document_of, write

COMPACT, CUT, _ = UPKEEP_JOBS
SECTIONS = ("idea",)


@dataclass
class Texts:
    """Ideas with written texts."""

    all: Everyone
    ids: list[UUID]

    def runner(self, *jobs: Any) -> Runner:
        return Runner(self.all.arena.services, jobs)

    async def seqs(self, table: Any, document_id: UUID) -> list[int]:
        async with self.all.arena.services.database.read() as tx:
            query = select(table.c.seq).where(table.c.document_id == document_id)
            return list((await tx.run(query.order_by(table.c.seq))).scalars())

    async def read(self, document_id: UUID) -> object:
        async with self.all.arena.services.database.read() as tx:
            found = await documents.load(tx, document_id)
        assert isinstance(found, documents.Found)
        document = Document.load(schema_of(found.head), found.updates)
        return render(document, SECTIONS)

    async def snapshots(self) -> list[bool]:
        return [bool(await self.seqs(SNAPSHOT, each)) for each in self.ids]

    async def add_snapshot(self, document_id: UUID) -> None:
        """What a room does when it closes."""
        services = self.all.arena.services
        async with services.database.write() as tx:
            found = await documents.load(tx, document_id)
            assert isinstance(found, documents.Found)
            head = found.head
            state = Document.load(schema_of(head), found.updates).state()
            await documents.save_snapshot(
                tx, head.id, head.epoch, head.seq, state, services.clock()
            )


@asynccontextmanager
async def written(folder: Path, count: int, **settings: Any) -> AsyncIterator[Texts]:
    async with everyone(folder, **settings) as arena:
        texts = Texts(arena, [])
        for _ in range(count):
            ref = await arena.idea("open")
            document_id = await document_of(arena, ref)
            for each in range(3):
                await write(arena, ref, "author", "idea", f"Satz {each}.")
            await arena.arena.services.hub.flush(document_id)
            texts.ids.append(document_id)
        yield texts


@pytest.fixture(autouse=True)
def _few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "ROWS", 3)


async def test_t24_a_text_that_rests_gets_a_snapshot_once_and_reads_the_same(
    tmp_path: Path,
) -> None:
    async with written(tmp_path, 1) as texts:
        (document_id,) = texts.ids
        before, rows = await texts.read(document_id), await texts.seqs(LOG, document_id)
        runner = texts.runner(COMPACT, CUT)
        assert await runner.tick() == 0
        texts.all.arena.clock.now += QUIET
        assert await runner.tick() == 1
        assert await texts.seqs(SNAPSHOT, document_id) == [rows[-1]]
        assert await runner.tick() == 0
        # Nothing is cut unless the operator has said so.
        assert await texts.seqs(LOG, document_id) == rows
        assert await texts.read(document_id) == before


async def test_t24_whoever_is_killed_in_the_middle_another_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with written(tmp_path, 3) as texts:
        texts.all.arena.clock.now += QUIET
        compact, done = compaction.compact, 0

        async def killed_at_the_second(services: Any, document_id: UUID) -> None:
            nonlocal done
            done += 1
            if done == 2:
                raise asyncio.CancelledError
            await compact(services, document_id)

        first = texts.runner(type(COMPACT)("killed", COMPACT.due, killed_at_the_second))
        with pytest.raises(asyncio.CancelledError):
            await first.tick()
        assert sorted(await texts.snapshots()) == [False, False, True]
        assert await texts.runner(COMPACT).tick() == 2
        assert await texts.snapshots() == [True, True, True]


async def test_t24_a_text_that_kills_is_marked_and_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with written(tmp_path, 2) as texts:
        texts.all.arena.clock.now += QUIET
        killer = min(texts.ids)
        is_compacted = compaction.is_compacted

        async def dies(database: Any, child: Any, found: Any, clock: Any) -> bool:
            if found.document_id == killer:
                raise Died("signal 9")
            return await is_compacted(database, child, found, clock)

        monkeypatch.setattr(compaction, "is_compacted", dies)
        runner = texts.runner(COMPACT)
        assert await runner.tick() == 1
        async with texts.all.arena.services.database.read() as tx:
            assert await quarantine.is_suspect(tx, killer)
        texts.all.arena.clock.now += timedelta(days=2)
        assert await runner.tick() == 0


async def test_t24_logs_are_cut_in_pieces_after_their_days_and_only_under_snapshots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "CUT_MAX", 2)
    async with written(tmp_path, 1, log_days=30) as texts:
        (document_id,) = texts.ids
        before, rows = await texts.read(document_id), await texts.seqs(LOG, document_id)
        runner = texts.runner(CUT)
        await texts.add_snapshot(document_id)
        texts.all.arena.clock.now += timedelta(days=31)
        # One snapshot may be damaged: nothing goes.
        assert await runner.tick() == 0
        ref = (await texts.all.arena.client.get("/api/v1/ideas")).json()["ideas"][0]["ref"]
        await write(texts.all, ref, "author", "idea", "Ein später Satz.")
        await texts.all.arena.services.hub.flush(document_id)
        late = await texts.read(document_id)
        await texts.add_snapshot(document_id)
        left = [await texts.seqs(LOG, document_id)]
        while await runner.tick():
            left.append(await texts.seqs(LOG, document_id))
            assert await texts.read(document_id) == late
        assert left[1] == left[0][2:]
        assert left[-1] == [each for each in left[0] if each > rows[-1]]
        assert late != before

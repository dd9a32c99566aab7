"""Snapshots are inserted once, the last three are kept, and only what they cover is cut."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, update

from storage import documents
from storage.database import Database
from storage.documents import Found, LogRow, UnreadableLog
from storage.log.rows import LOG, SNAPSHOT
from tests.storage.making import NOW, a_document, later


async def save(database: Database, document_id: UUID, seq: int, state: bytes) -> bool:
    async with database.write() as tx:
        return await documents.save_snapshot(tx, document_id, 1, seq, state, NOW)


async def kept(database: Database, document_id: UUID) -> list[int]:
    async with database.read() as tx:
        query = select(SNAPSHOT.c.seq).where(SNAPSHOT.c.document_id == document_id)
        return list((await tx.run(query.order_by(SNAPSHOT.c.seq))).scalars())


async def trim(database: Database, document_id: UUID, **after: float) -> int:
    async with database.write() as tx:
        return await documents.trim(tx, document_id, later(**after))


async def logged(database: Database, document_id: UUID) -> list[int]:
    async with database.read() as tx:
        return [entry.seq for entry in await documents.log(tx, document_id, 1)]


async def updates(database: Database, document_id: UUID) -> list[bytes]:
    async with database.read() as tx:
        found = await documents.load(tx, document_id)
    assert isinstance(found, Found)
    return found.updates


async def test_loading_starts_at_the_newest_snapshot(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b", b"c")
    await save(database, document_id, 2, b"two")
    await save(database, document_id, 3, b"three")
    assert await updates(database, document_id) == [b"three", b"c"]


async def test_a_snapshot_is_never_overwritten(database: Database) -> None:
    document_id = await a_document(database, b"a")
    assert await save(database, document_id, 2, b"first")
    assert not await save(database, document_id, 2, b"second")
    assert await updates(database, document_id) == [b"first"]


async def test_the_last_three_snapshots_are_kept_and_the_whole_log(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b", b"c", b"d")
    for seq in (1, 2, 3, 4, 5):
        await save(database, document_id, seq, b"state")
    assert await kept(database, document_id) == [3, 4, 5]
    assert await logged(database, document_id) == [1, 2, 3, 4, 5]


async def test_a_late_old_snapshot_does_not_push_out_a_newer_one(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b", b"c")
    for seq in (2, 3, 4, 1):
        await save(database, document_id, seq, b"state")
    assert await kept(database, document_id) == [2, 3, 4]


async def test_trimming_cuts_what_every_kept_snapshot_covers(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b", b"c")
    await save(database, document_id, 2, b"two")
    await save(database, document_id, 3, b"three")
    before = await updates(database, document_id)
    assert await trim(database, document_id, days=1) == 2
    assert await logged(database, document_id) == [3, 4]
    assert await updates(database, document_id) == before


async def test_trimming_leaves_young_rows(database: Database) -> None:
    document_id = await a_document(database, b"a")
    async with database.write() as tx:
        head = (await documents.lock_heads(tx, [document_id]))[document_id]
        await documents.append(tx, head, [LogRow(b"b", None)], later(days=2))
    for seq in (2, 3):
        await save(database, document_id, seq, b"state")
    assert await trim(database, document_id, days=1) == 2
    assert await logged(database, document_id) == [3]


async def test_trimming_never_leaves_a_hole_although_clocks_differ(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b", b"c")
    async with database.write() as tx:
        await tx.run(update(LOG).where(LOG.c.seq == 2).values(at=later(days=2)))
    for seq in (3, 4):
        await save(database, document_id, seq, b"state")
    assert await trim(database, document_id, days=1) == 1
    assert await logged(database, document_id) == [2, 3, 4]


async def test_without_two_snapshots_nothing_is_cut(database: Database) -> None:
    document_id = await a_document(database, b"a")
    assert await trim(database, document_id, days=1) == 0
    await save(database, document_id, 2, b"state")
    assert await trim(database, document_id, days=1) == 0


async def test_beside_a_damaged_snapshot_nothing_is_cut(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b")
    for seq in (2, 3):
        await save(database, document_id, seq, b"state")
    async with database.write() as tx:
        await tx.run(update(SNAPSHOT).where(SNAPSHOT.c.seq == 3).values(state=b"other bytes"))
    assert await trim(database, document_id, days=1) == 0


async def test_who_is_behind_a_cut_is_told_to_load(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b", b"c")
    for seq in (2, 3):
        await save(database, document_id, seq, b"state")
    await trim(database, document_id, days=1)
    async with database.read() as tx:
        with pytest.raises(UnreadableLog, match="seq 2 is missing"):
            await documents.since(tx, document_id, 1, 1)

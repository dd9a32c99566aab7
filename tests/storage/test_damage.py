"""A document that cannot be read is reported with the place; it is never shown as empty."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete, update

from storage import documents
from storage.database import Database
from storage.documents import Absent, Failed, Found, UnreadableLog
from storage.log.rows import DOCUMENT, LOG, SNAPSHOT
from tests.storage.making import NOW, a_document


async def load(database: Database, document_id: UUID) -> Found | Absent | Failed:
    async with database.read() as tx:
        return await documents.load(tx, document_id)


async def damage_row(database: Database, document_id: UUID, seq: int) -> None:
    async with database.write() as tx:
        row = (LOG.c.document_id == document_id, LOG.c.seq == seq)
        await tx.run(update(LOG).where(*row).values(update=b"other bytes"))


async def remove_row(database: Database, document_id: UUID, seq: int) -> None:
    async with database.write() as tx:
        await tx.run(delete(LOG).where(LOG.c.document_id == document_id, LOG.c.seq == seq))


async def snapshot(database: Database, document_id: UUID, seq: int, state: bytes) -> None:
    async with database.write() as tx:
        assert await documents.save_snapshot(tx, document_id, 1, seq, state, NOW)


async def damage_snapshot(database: Database, document_id: UUID, seq: int) -> None:
    async with database.write() as tx:
        row = (SNAPSHOT.c.document_id == document_id, SNAPSHOT.c.seq == seq)
        await tx.run(update(SNAPSHOT).where(*row).values(state=b"other bytes"))


async def test_a_damaged_row_fails_naming_its_seq(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b")
    await damage_row(database, document_id, 2)
    assert await load(database, document_id) == Failed(
        f"document {document_id}: log row seq 2 is damaged"
    )


@pytest.mark.parametrize("seq", [1, 2, 3])
async def test_a_missing_row_fails_naming_its_seq(database: Database, seq: int) -> None:
    document_id = await a_document(database, b"a", b"b")
    await remove_row(database, document_id, seq)
    assert await load(database, document_id) == Failed(
        f"document {document_id}: log row seq {seq} is missing"
    )


async def test_a_document_without_any_log_fails(database: Database) -> None:
    document_id = await a_document(database)
    async with database.write() as tx:
        await tx.run(delete(LOG))
        await tx.run(update(DOCUMENT).values(seq=0))
    assert await load(database, document_id) == Failed(f"document {document_id}: its log is empty")


async def test_catching_up_over_a_damaged_row_names_its_seq(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b")
    await damage_row(database, document_id, 3)
    async with database.read() as tx:
        with pytest.raises(UnreadableLog, match="seq 3 is damaged"):
            await documents.since(tx, document_id, 1, 1)


async def test_a_damaged_row_before_the_snapshot_does_no_harm(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b")
    await snapshot(database, document_id, 2, b"state at 2")
    await damage_row(database, document_id, 2)
    found = await load(database, document_id)
    assert isinstance(found, Found)
    assert found.updates == [b"state at 2", b"b"]


async def test_a_damaged_snapshot_is_passed_over_and_named(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b")
    await snapshot(database, document_id, 2, b"state at 2")
    await snapshot(database, document_id, 3, b"state at 3")
    await damage_snapshot(database, document_id, 3)
    found = await load(database, document_id)
    assert isinstance(found, Found)
    assert found.updates == [b"state at 2", b"b"]
    assert found.damage == (f"document {document_id}: snapshot seq 3 is damaged",)


async def test_with_every_snapshot_damaged_the_whole_log_is_read(database: Database) -> None:
    document_id = await a_document(database, b"a")
    await snapshot(database, document_id, 2, b"state at 2")
    await damage_snapshot(database, document_id, 2)
    found = await load(database, document_id)
    assert isinstance(found, Found)
    assert found.updates == [b"seed", b"a"]


async def test_if_nothing_is_sound_the_failure_names_both(database: Database) -> None:
    document_id = await a_document(database, b"a")
    await snapshot(database, document_id, 2, b"state at 2")
    await damage_snapshot(database, document_id, 2)
    await damage_row(database, document_id, 1)
    assert await load(database, document_id) == Failed(
        f"document {document_id}: log row seq 1 is damaged; "
        f"document {document_id}: snapshot seq 2 is damaged"
    )

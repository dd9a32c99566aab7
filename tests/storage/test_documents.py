"""The log of live documents: created once, appended in order, committed together, loaded whole."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from storage import documents
from storage.database import Database
from storage.documents import Absent, Batch, Committed, ForeignClients, Found, LogRow, Moved
from storage.log.rows import CLIENT, DOCUMENT, LOG
from tests.storage.making import NOW, a_document, make_document

ANA, BEN = uuid4(), uuid4()


async def loaded(database: Database, document_id: object) -> Found:
    async with database.read() as tx:
        found = await documents.load(tx, document_id)  # type: ignore[arg-type]
    assert isinstance(found, Found), found
    return found


async def test_a_document_that_was_never_created_is_absent(database: Database) -> None:
    async with database.read() as tx:
        assert await documents.load(tx, uuid4()) == Absent()


async def test_a_new_document_holds_its_seed_and_the_server_owns_it(database: Database) -> None:
    document_id = uuid4()
    async with database.write() as tx:
        head = await documents.create(tx, document_id, "idea", 1, b"seed", [1], NOW)
    found = await loaded(database, document_id)
    assert found.head == head
    assert (head.epoch, head.seq, head.schema, head.access_version) == (1, 1, 1, 0)
    assert found.updates == [b"seed"]
    assert found.owners == {1: None}


async def test_a_document_is_created_once(database: Database) -> None:
    document_id = await a_document(database, b"text")

    async def create_again() -> None:
        async with database.write() as tx:
            await documents.create(tx, document_id, "idea", 1, b"other", [1], NOW)

    with pytest.raises(IntegrityError):
        await create_again()
    assert (await loaded(database, document_id)).updates == [b"seed", b"text"]


async def test_every_row_gets_one_seq_in_the_given_order(database: Database) -> None:
    document_id = await a_document(database)
    async with database.write() as tx:
        head = (await documents.lock_heads(tx, [document_id]))[document_id]
        rows = [LogRow(b"a", ANA, [(7, 0, 3)]), LogRow(b"b", BEN, [(8, 0, 1)])]
        assert await documents.append(tx, head, rows, NOW) == 3
    async with database.read() as tx:
        entries = await documents.since(tx, document_id, 1, 1)
    assert [(entry.seq, entry.update, entry.actor_id) for entry in entries] == [
        (2, b"a", ANA),
        (3, b"b", BEN),
    ]


async def test_since_the_head_there_is_nothing(database: Database) -> None:
    document_id = await a_document(database)
    async with database.read() as tx:
        assert await documents.since(tx, document_id, 1, 1) == []


async def test_the_log_holds_everything_with_its_writer(database: Database) -> None:
    document_id = await a_document(database, b"a", b"b")
    async with database.read() as tx:
        entries = await documents.log(tx, document_id, 1)
    assert [entry.update for entry in entries] == [b"seed", b"a", b"b"]
    assert [entry.at for entry in entries] == [NOW, NOW, NOW]


async def test_a_client_id_belongs_to_the_first_actor_who_claims_it(database: Database) -> None:
    document_id = await a_document(database)
    async with database.write() as tx:
        await documents.lock_heads(tx, [document_id])
        assert await documents.claim(tx, document_id, 1, {5: ANA, 6: None}) == set()
        assert await documents.claim(tx, document_id, 1, {5: ANA, 6: BEN, 7: BEN}) == {6}
        assert await documents.claim(tx, document_id, 1, {5: BEN, 1: ANA}) == {5, 1}
    assert (await loaded(database, document_id)).owners == {1: None, 5: ANA, 6: None, 7: BEN}


async def test_client_ids_may_be_as_big_as_yjs_makes_them(database: Database) -> None:
    document_id = await a_document(database)
    async with database.write() as tx:
        await documents.claim(tx, document_id, 1, {2**53 - 1: ANA})
    assert (await loaded(database, document_id)).owners[2**53 - 1] == ANA


async def test_an_epoch_has_owners_of_its_own(database: Database) -> None:
    document_id = await a_document(database)
    async with database.write() as tx:
        await documents.claim(tx, document_id, 1, {5: ANA})
        assert await documents.claim(tx, document_id, 2, {5: BEN}) == set()


async def test_a_batch_commits_many_documents_at_once(database: Database) -> None:
    one, two = [await a_document(database) for _ in range(2)]
    outcomes = await documents.commit_batch(
        database,
        [
            Batch(one, 1, 1, 0, [LogRow(b"a", ANA), LogRow(b"b", BEN)], {5: ANA, 6: BEN}),
            Batch(two, 1, 1, 0, [LogRow(b"c", ANA)], {5: ANA}),
        ],
        NOW,
    )
    assert outcomes == {one: Committed(3), two: Committed(2)}
    assert (await loaded(database, one)).updates == [b"seed", b"a", b"b"]
    assert (await loaded(database, one)).owners == {1: None, 5: ANA, 6: BEN}
    assert (await loaded(database, two)).head.seq == 2


@pytest.mark.parametrize(("epoch", "seq", "access"), [(2, 1, 0), (1, 0, 0), (1, 2, 0), (1, 1, 1)])
async def test_a_document_that_moved_is_not_written_and_stops_nobody(
    database: Database, epoch: int, seq: int, access: int
) -> None:
    moved, fine = [await a_document(database) for _ in range(2)]
    outcomes = await documents.commit_batch(
        database,
        [
            Batch(moved, epoch, seq, access, [LogRow(b"a", ANA)], {5: ANA}),
            Batch(fine, 1, 1, 0, [LogRow(b"b", ANA)], {}),
        ],
        NOW,
    )
    found = await loaded(database, moved)
    assert outcomes == {moved: Moved(found.head), fine: Committed(2)}
    assert (found.updates, found.owners) == ([b"seed"], {1: None})


async def test_another_actors_client_id_is_not_written_and_stops_nobody(
    database: Database,
) -> None:
    foreign, fine = [await a_document(database) for _ in range(2)]
    async with database.write() as tx:
        await documents.claim(tx, foreign, 1, {5: BEN})
    outcomes = await documents.commit_batch(
        database,
        [
            Batch(foreign, 1, 1, 0, [LogRow(b"a", ANA)], {5: ANA, 6: ANA}),
            Batch(fine, 1, 1, 0, [LogRow(b"b", ANA)], {5: ANA}),
        ],
        NOW,
    )
    assert outcomes == {foreign: ForeignClients(frozenset({5})), fine: Committed(2)}
    found = await loaded(database, foreign)
    assert (found.updates, found.owners) == ([b"seed"], {1: None, 5: BEN})


async def test_a_batch_for_a_document_that_is_gone_says_so(database: Database) -> None:
    nowhere = uuid4()
    outcomes = await documents.commit_batch(
        database, [Batch(nowhere, 1, 0, 0, [LogRow(b"a", ANA)], {5: ANA})], NOW
    )
    async with database.read() as tx:
        rows = (await tx.run(select(func.count()).select_from(LOG))).scalar_one()
        clients = (await tx.run(select(func.count()).select_from(CLIENT))).scalar_one()
    assert outcomes == {nowhere: Moved(None)}
    assert (rows, clients) == (0, 0)


async def test_an_empty_batch_does_nothing(database: Database) -> None:
    assert await documents.commit_batch(database, [], NOW) == {}


async def test_changed_access_refuses_commits_that_assume_the_old(database: Database) -> None:
    document_id = await a_document(database)
    async with database.write() as tx:
        await documents.bump_access(tx, document_id)
    batch = Batch(document_id, 1, 1, 0, [LogRow(b"a", ANA)], {})
    outcomes = await documents.commit_batch(database, [batch], NOW)
    async with database.read() as tx:
        heads = await documents.heads(tx, [document_id])
    assert heads[document_id].access_version == 1
    assert outcomes == {document_id: Moved(heads[document_id])}


async def test_heads_of_very_many_documents(database: Database) -> None:
    async with database.write() as tx:
        known = [await make_document(tx) for _ in range(3)]
        found = await documents.heads(tx, [*known, *(uuid4() for _ in range(12_000))])
    assert set(found) == set(known)


async def test_nothing_of_an_undone_commit_remains(database: Database) -> None:
    document_id = await a_document(database)
    async with database.write() as tx:  # a row where the second of the batch belongs
        head = (await documents.lock_heads(tx, [document_id]))[document_id]
        await documents.append(tx, head.at(2), [LogRow(b"in the way", None)], NOW)
        await tx.run(DOCUMENT.update().where(DOCUMENT.c.id == document_id).values(seq=1))
    batch = Batch(document_id, 1, 1, 0, [LogRow(b"a", ANA), LogRow(b"b", ANA)], {5: ANA})
    with pytest.raises((sqlite3.IntegrityError, asyncpg.UniqueViolationError)):
        await documents.commit_batch(database, [batch], NOW)
    found = await loaded(database, document_id)
    assert (found.head.seq, found.updates, found.owners) == (1, [b"seed"], {1: None})
    shorter = replace(batch, rows=batch.rows[:1])
    assert await documents.commit_batch(database, [shorter], NOW) == {document_id: Committed(2)}


async def test_every_writer_of_the_log_stores_a_row_the_same_way(database: Database) -> None:
    """``append`` goes through SQLAlchemy, ``commit_batch`` past it; whoever reads sees no odds."""
    rows = [LogRow(b"\x00\xff", ANA, [(5, 0, 7), (6, 1, 2)]), LogRow(b"b", None)]
    one, other = await a_document(database), await a_document(database)
    async with database.write() as tx:
        head = (await documents.lock_heads(tx, [one]))[one]
        await documents.claim(tx, one, 1, {5: ANA, 6: None})
        await documents.append(tx, head, rows, NOW)
    await documents.commit_batch(database, [Batch(other, 1, 1, 0, rows, {5: ANA, 6: None})], NOW)
    async with database.read() as tx:
        stored = [
            [
                (await tx.run(table.select().where(table.c.document_id == each))).mappings().all()
                for table in (LOG, CLIENT)
            ]
            for each in (one, other)
        ]
    first, second = (
        [[{**row, "document_id": None} for row in table] for table in tables] for tables in stored
    )
    assert first == second

"""Transactions: durable or undone as a whole, reading one moment, never naive about time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from storage import people
from storage.database import Database
from storage.engine.native import seen_through
from storage.people import PERSON
from tests.storage.making import NOW, a_person, make_person


async def test_written_rows_are_there_for_the_next_reader(database: Database) -> None:
    person_id = await a_person(database, "ana")
    async with database.read() as tx:
        found = await people.get(tx, person_id)
    assert found is not None
    assert found.handle == "ana"


async def test_an_error_undoes_the_whole_transaction(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.write() as tx:
            await make_person(tx, "ana")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_half_way()
    async with database.read() as tx:
        assert await people.by_handle(tx, "ana") is None


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.read() as tx:
            await make_person(tx, "ana")
    async with database.read() as tx:
        assert await people.by_handle(tx, "ana") is None


async def test_a_reader_sees_one_moment(database: Database) -> None:
    await a_person(database, "ana")
    async with database.read() as tx:
        before = await people.everyone(tx)
        await a_person(database, "ben")
        after = await people.everyone(tx)
    assert [person.handle for person in before] == ["ana"]
    assert after == before


async def test_a_broken_constraint_leaves_the_database_usable(database: Database) -> None:
    await a_person(database, "ana")
    with pytest.raises(IntegrityError):
        await a_person(database, "ana")
    await a_person(database, "ben")


async def test_writers_do_not_lose_each_others_updates(database: Database) -> None:
    person_id = await a_person(database, name="0")

    async def count_up() -> None:
        async with database.write() as tx:
            query = select(PERSON.c.name).where(PERSON.c.id == person_id).with_for_update()
            name = (await tx.run(query)).scalar_one()
            await people.rename(tx, person_id, str(int(name) + 1))

    await asyncio.gather(*(count_up() for _ in range(40)))
    async with database.read() as tx:
        person = await people.get(tx, person_id)
    assert person is not None
    assert person.name == "40"


async def test_a_cancelled_writer_does_not_block_the_next(database: Database) -> None:
    began = asyncio.Event()

    async def write_for_ever() -> None:
        async with database.write() as tx:
            await make_person(tx, "ana")
            began.set()
            await asyncio.Event().wait()

    writer = asyncio.ensure_future(write_for_ever())
    await began.wait()
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writer
    await a_person(database, "ben")
    async with database.read() as tx:
        assert [person.handle for person in await people.everyone(tx)] == ["ben"]


async def test_a_writer_cancelled_in_a_statement_does_not_block_the_next(
    database: Database,
) -> None:
    async def write() -> None:
        async with database.write() as tx:
            for _ in range(1_000):
                await make_person(tx)

    for turns in (1, 3, 10, 30):
        writer = asyncio.ensure_future(write())
        for _ in range(turns):
            await one_turn()
        writer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writer
    await a_person(database, "ben")
    async with database.read() as tx:
        assert [person.handle for person in await people.everyone(tx)] == ["ben"]


async def one_turn() -> None:
    """Let the loop do what is ready now."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_soon(done.set_result, None)
    await done


async def test_a_row_read_again_in_the_transaction_is_new(database: Database) -> None:
    person_id = await a_person(database, name="Ana")
    async with database.write() as tx:
        first = await people.get(tx, person_id)
        await people.rename(tx, person_id, "Anna")
        second = await people.get(tx, person_id)
    assert first is not None
    assert second is not None
    assert second.name == "Anna"


async def test_moments_come_back_aware_and_in_utc(database: Database) -> None:
    berlin = timezone(timedelta(hours=1))
    local = datetime(2026, 11, 23, 10, 30, 0, 123456, tzinfo=berlin)
    person_id = await a_person(database, now=local)
    async with database.read() as tx:
        person = await people.get(tx, person_id)
    assert person is not None
    assert person.created_at == local
    assert person.created_at.tzinfo is UTC


async def test_naive_moments_are_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        await a_person(database, now=NOW.replace(tzinfo=None))


async def test_sqlite_is_durable_strict_and_patient(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    found = {}
    async with database.write() as tx:
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            found[name] = (await tx.run(text(f"PRAGMA {name}"))).scalar_one()
    await database.close()
    full = 2
    assert found == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 5_000,
    }


async def test_who_was_cancelled_is_cancelled_also_if_the_work_fails() -> None:
    may_fail = asyncio.Event()

    async def fail() -> None:
        await may_fail.wait()
        raise OSError("disk full")

    waiting = asyncio.create_task(seen_through(fail()))
    await asyncio.wait({waiting}, timeout=0)
    waiting.cancel()
    await asyncio.wait({waiting}, timeout=0)
    assert not waiting.done(), "half-way nobody knows what is durable"
    may_fail.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting

"""Several processes hold one document's room: hubs over one database, told or not told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import pytest
from pycrdt import Doc, XmlFragment
from sqlalchemy import make_url

from collab.sync.messages import Acknowledged, Refused, Update
from server.realtime.polling import watch
from server.realtime.rooms import keeping
from server.realtime.rooms.elsewhere import mail
from server.realtime.rooms.elsewhere.company import TURNS_HELD
from server.realtime.rooms.elsewhere.written import Written
from storage import documents, ideas, mutes, texts
from storage.database import Database, StorageUnavailable
from storage.engine.connect import native_writer
from storage.log import held
from tests.harness.waiting import until_async
from tests.server.realtime.table import SECTION, Guest, Table, beside, laid
from tests.storage.making import NOW

NEVER_S = 3_600.0


@pytest.fixture
def unpolled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads the heads by himself: only what is told counts, and what turns find."""
    monkeypatch.setattr(watch, "HEADS_S", NEVER_S)


def caught(table: Table) -> list[Written]:
    """What the table's hub hands out, kept instead of sent."""
    kept: list[Written] = []

    def keep(document_id: UUID, written: Written) -> None:
        assert document_id == table.document_id
        kept.append(written)

    table.hub.on_written = keep
    return kept


def connect(one: Table, other: Table) -> None:
    """Each tells the other what it writes, at once and whole."""
    one.hub.on_written = other.hub.take_written
    other.hub.on_written = one.hub.take_written


async def settled(*tables: Table) -> None:
    """Every room has taken what it was told."""

    async def has_taken() -> bool:
        return all([await table.has_taken_everything() for table in tables])

    await until_async(has_taken, "the rooms have taken everything")
    for table in tables:
        await table.hub.flush(table.document_id)


async def log_text(table: Table) -> str:
    """The text that the log says."""
    async with table.database.read() as tx:
        rows = await documents.log(tx, table.document_id, 1)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    doc: Doc[XmlFragment] = Doc()
    for row in rows:
        doc.apply_update(row.update)
    return str(doc.get(SECTION, type=XmlFragment))


# Told of what others have written.


@pytest.mark.usefixtures("unpolled")
async def test_t60_what_is_told_is_taken_without_reading_the_log(database: Database) -> None:
    async with laid(database) as table, beside(table) as elsewhere:
        connect(table, elsewhere)
        ana, ben = await table.sit(), await elsewhere.sit()
        for number in range(3):
            await elsewhere.type(ben, f"woanders {number}")
            await ana.until(Update, number + 1)
        assert ana.text == ben.text == await log_text(table)
        counts = table.hub.rooms.counts
        assert (counts.taken, counts.read_on, counts.reloaded) == (3, 0, 0)
        assert sum(isinstance(each, Update) for each in ana.told) == 3
        await table.type(ana, "hier")
        await ben.until(Update)
        assert ben.text == await log_text(table)


@pytest.mark.usefixtures("unpolled")
async def test_t60_whose_new_client_ids_are_is_told_as_well(database: Database) -> None:
    async with laid(database) as table, beside(table) as elsewhere:
        connect(table, elsewhere)
        ana, ben = await table.sit(), await elsewhere.sit()
        await elsewhere.type(ben, "Bens Wort")
        await ana.until(Update)
        thief = await table.sit()
        thief.doc = Doc(client_id=ben.doc.client_id)
        thief.doc.apply_update(ana.doc.get_update())
        await table.type(thief, "in Bens Namen")
        assert await thief.until_ended() == "foreign-client"
        assert "in Bens Namen" not in await log_text(table)
        assert table.hub.rooms.counts.lost == 0, "it was known before the commit"


@pytest.mark.usefixtures("unpolled")
async def test_t61_what_is_told_twice_late_or_out_of_order_changes_nothing(
    database: Database,
) -> None:
    async with laid(database) as table, beside(table) as elsewhere:
        told = caught(elsewhere)
        ana, ben = await table.sit(), await elsewhere.sit()
        for number in range(4):
            await elsewhere.type(ben, f"Absatz {number}")
            await ben.until(Acknowledged, number + 1)
        for written in (told[1], told[0], told[1], told[3], told[3], told[2], told[0]):
            table.hub.take_written(table.document_id, written)
            await settled(table)
        assert ana.text == ben.text == await log_text(table)
        assert table.hub.rooms.counts.reloaded == 0
        assert table.hub.rooms.counts.read_on > 0, "the first told of a gap"


GARBLED: list[tuple[str, Callable[[Written], Written]]] = [
    ("another text", lambda told: replace(told, updates=(told.updates[0][:-1] + b"\x07",))),
    ("no update at all", lambda told: replace(told, updates=(b"nonsense",))),
    ("a row more", lambda told: replace(told, seq=told.seq + 1, updates=(*told.updates, b"\0\0"))),
    ("no row", lambda told: replace(told, updates=(), seq=told.before)),
    ("another place", lambda told: replace(told, before=told.before + 1, seq=told.seq + 1)),
    ("another owner", lambda told: replace(told, claims={**told.claims, 7: None})),
    ("older rights", lambda told: replace(told, access_version=told.access_version - 1)),
    ("an epoch to come", lambda told: replace(told, epoch=told.epoch + 1)),
]


@pytest.mark.usefixtures("unpolled")
async def test_t61_what_is_not_as_it_was_sent_is_read_from_the_log(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    async with laid(database) as table, beside(table) as elsewhere:
        told = caught(elsewhere)
        ana, ben = await table.sit(), await elsewhere.sit()
        for number, (name, garble) in enumerate(GARBLED, 1):
            await elsewhere.type(ben, name)
            await ben.until(Acknowledged, number)
            table.hub.take_written(table.document_id, garble(told[-1]))
            await settled(table)
            assert ana.text == ben.text, name
            assert table.hub.rooms.counts.unsound == number, name
        assert ana.text == await log_text(table)
        assert (table.hub.rooms.counts.taken, table.hub.rooms.counts.reloaded) == (0, 0)
        assert not ana.reasons
    await database.close()


@pytest.mark.usefixtures("unpolled")
async def test_t61_what_was_sent_of_another_document_is_not_taken(database: Database) -> None:
    async with laid(database) as table, laid(database) as other:
        told = caught(other)
        ana, ben = await table.sit(), await other.sit()
        await other.type(ben, "in einem anderen Text")
        await ben.until(Acknowledged)
        table.hub.take_written(table.document_id, told[0])
        await settled(table)
        assert "in einem anderen Text" not in ana.text
        assert table.hub.rooms.counts.unsound == 1
        table.hub.take_written(UUID(int=7), told[0])  # no such room here: of no concern


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.usefixtures("unpolled")
async def test_t62_more_than_is_kept_is_read_from_the_log(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, extra: int
) -> None:
    monkeypatch.setattr(mail, "MESSAGES_MAX", 3)
    database = await Database.open(sqlite_url)
    async with laid(database) as table, beside(table) as elsewhere:
        told = caught(elsewhere)
        ana, ben = await table.sit(), await elsewhere.sit()
        for number in range(3 + extra):
            await elsewhere.type(ben, f"Absatz {number}")
            await ben.until(Acknowledged, number + 1)
        for written in told:
            table.hub.take_written(table.document_id, written)
        assert len(table.rooms[ana].inbox) == 3 + extra
        for _ in range(10):
            table.hub.take_written(table.document_id, told[0])
        assert len(table.rooms[ana].inbox) == 4, "nothing more is kept"
        await settled(table)
        assert ana.text == await log_text(table)
        assert table.hub.rooms.counts.read_on == extra
    await database.close()


async def test_t62_one_message_that_is_too_big_is_read_from_the_log(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "BYTES_MAX", 10)
    async with laid(database) as table, beside(table) as elsewhere:
        connect(table, elsewhere)
        ana, ben = await table.sit(), await elsewhere.sit()
        await elsewhere.type(ben, "länger als zehn Bytes")
        await ana.until(Update)
        assert (table.hub.rooms.counts.taken, table.hub.rooms.counts.read_on) == (0, 1)


# Writing in all of them.


@pytest.mark.usefixtures("unpolled")
async def test_t63_a_lost_race_is_won_at_the_second_attempt(database: Database) -> None:
    async with laid(database) as table, beside(table) as elsewhere:
        ana, ben = await table.sit(), await elsewhere.sit()
        for number in range(5):
            await elsewhere.type(ben, f"woanders {number}")
            await ben.until(Acknowledged, number + 1)
            await table.type(ana, f"hier {number}")
            await ana.until(Acknowledged, number + 1)
        await table.hub.flush(table.document_id)
        assert ana.text == await log_text(table)
        counts = table.hub.rooms.counts
        assert counts.lost == counts.reloaded == 1, "then it knows that it is not alone"
        assert counts.held == 5


@pytest.mark.usefixtures("unpolled")
async def test_t63_who_is_alone_again_writes_with_everybody_else(database: Database) -> None:
    async with laid(database) as table, beside(table) as elsewhere:
        connect(table, elsewhere)
        ana, ben = await table.sit(), await elsewhere.sit()
        await elsewhere.type(ben, "einmal")
        await ana.until(Update)
        for number in range(TURNS_HELD + 3):
            await table.type(ana, ".")
            await ana.until(Acknowledged, number + 1)
        assert table.hub.rooms.counts.held == TURNS_HELD


def far(one: Table, other: Table, dice: Random) -> None:
    """A relay between two tables that loses, doubles, delays and garbles by chance."""
    loop = asyncio.get_running_loop()

    def carry(target: Table) -> Callable[[UUID, Written], None]:
        def send(document_id: UUID, written: Written) -> None:
            for _ in range(dice.choice((0, 1, 1, 1, 2))):
                told = written if dice.random() < 0.9 else GARBLED[dice.randrange(4)][1](written)
                delay_s = dice.choice((0.0, 0.001, 0.02))
                loop.call_later(delay_s, target.hub.take_written, document_id, told)

        return send

    one.hub.on_written, other.hub.on_written = carry(other), carry(one)


async def typing(table: Table, guest: Guest, count: int, dice: Random) -> None:
    """So many paragraphs, some of them sent before the one before is acknowledged."""
    for number in range(count):
        await table.type(guest, f"{guest.session.participant.handle}-{number};")
        if dice.random() < 0.9:
            await guest.until(Acknowledged, number + 1)
    await guest.until(Acknowledged, count)


@asynccontextmanager
async def two(url: str) -> AsyncIterator[tuple[Table, Table]]:
    """Two processes with databases of their own, at one table."""
    here, there = await Database.open(url), await Database.open(url)
    try:
        async with laid(here) as table, beside(table, there) as elsewhere:
            yield table, elsewhere
    finally:
        await here.close()
        await there.close()


@pytest.mark.parametrize("is_told", [True, False])
async def test_t63_two_processes_with_ten_people_each_lose_and_double_nothing(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, is_told: bool
) -> None:
    monkeypatch.setattr(watch, "HEADS_S", 0.2)
    seed, count = int.from_bytes(os.urandom(4)), 8
    dice = Random(seed)
    async with two(postgres_url) as tables:
        if is_told:
            far(*tables, dice)
        seats = [(table, await table.sit()) for table in tables for _ in range(10)]
        work = (typing(table, guest, count, Random(dice.random())) for table, guest in seats)
        await asyncio.gather(*work)

        async def is_same() -> bool:
            await asyncio.gather(*(table.hub.flush(table.document_id) for table in tables))
            return len({guest.text for _, guest in seats}) == 1

        await until_async(is_same, "everybody has the same text")
        text = await log_text(tables[0])
        assert seats[0][1].text == text, f"seed {seed}"
        for _, guest in seats:
            assert guest.reasons == [], f"seed {seed}"
            for number in range(count):
                typed = f"{guest.session.participant.handle}-{number};"
                assert text.count(typed) == 1, f"seed {seed}"
        counts = [table.hub.rooms.counts for table in tables]
        assert all(each.reloaded <= 2 for each in counts), f"seed {seed}: {counts}"
        assert sum(each.held for each in counts) > 0, f"seed {seed}: {counts}"


@pytest.mark.usefixtures("unpolled")
async def test_t64_under_the_lock_nothing_is_told_before_the_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with laid(database) as table, beside(table) as elsewhere:
        connect(table, elsewhere)
        ana, bo, ben = await table.sit(), await table.sit(), await elsewhere.sit()
        await elsewhere.type(ben, "woanders")
        await ana.until(Update)
        told = caught(table)

        honest = held.hold

        async def judge_and_fail(*arguments: Any) -> Any:
            await honest(*arguments)
            raise StorageUnavailable("nobody knows")

        monkeypatch.setattr("server.realtime.rooms.ledger.hold", judge_and_fail)
        await table.type(ana, "unbestätigt")
        assert await ana.until_ended() == "try-again"
        assert Acknowledged() not in ana.told
        assert told == []
        assert "unbestätigt" not in bo.text


@pytest.mark.usefixtures("unpolled")
async def test_t64_rights_that_were_withdrawn_elsewhere_hold_under_the_lock(
    database: Database,
) -> None:
    async with laid(database) as table, beside(table) as elsewhere:
        connect(table, elsewhere)
        ana, ben = await table.sit(), await elsewhere.sit()
        await elsewhere.type(ben, "woanders")
        await ana.until(Update)
        person = ana.connection.person_id
        assert person is not None
        async with database.write() as tx:
            await mutes.mute(tx, table.document_id, person, by=person, reason="-", now=NOW)
            await documents.bump_access(tx, table.document_id)
        await table.type(ana, "Unfug")
        await ana.until(Refused)
        assert "Unfug" not in await log_text(table)
        assert table.hub.rooms.counts.reloaded == 0


async def test_t65_a_process_that_stops_while_it_holds_a_document_is_cut_off(
    postgres_url: str,
) -> None:
    async with two(postgres_url) as (table, elsewhere):
        ana = await table.sit()
        stopped = native_writer(make_url(postgres_url), idle_s=1)
        known = table.rooms[ana].head
        is_holding, never = asyncio.Event(), asyncio.Event()

        class Stopped:
            def in_sqlite(self, connection: Any) -> None:
                raise AssertionError("this is about PostgreSQL")

            async def in_postgresql(self, connection: Any) -> None:
                await connection.fetchrow(held.POSTGRESQL_HEAD, known.id)
                is_holding.set()
                await asyncio.wait([asyncio.create_task(never.wait())], timeout=1.5)
                await connection.execute("SELECT 1")

        holding = asyncio.create_task(stopped.run(Stopped()))
        await is_holding.wait()
        await table.type(ana, "trotzdem")
        await ana.until(Acknowledged)
        never.set()
        with pytest.raises(StorageUnavailable):
            await holding
        await stopped.close()
        assert elsewhere.hub.rooms.counts.held == 0


async def test_t66_what_another_process_has_written_is_shown_though_it_died(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "REPAIR_S", 0.0)
    async with laid(database) as table, beside(table) as elsewhere:
        connect(table, elsewhere)
        ana, ben = await table.sit(), await elsewhere.sit()
        elsewhere.hub._projector.mark = lambda *_: None  # type: ignore[method-assign]
        await elsewhere.type(ben, "vor dem Absturz")
        await ana.until(Update)

        async def is_shown() -> bool:
            async with database.read() as tx:
                idea = await ideas.by_document(tx, table.document_id)
                assert idea is not None
                head = (await documents.heads(tx, [table.document_id]))[table.document_id]
                return await texts.shown_at(tx, idea.id) == (head.epoch, head.seq)

        await until_async(is_shown, "the projection has caught up")


async def test_t67_rights_that_another_process_changed_are_noticed_without_being_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "HEADS_S", 0.02)
    async with laid(database) as table:
        ana = await table.sit()
        person = ana.connection.person_id
        assert person is not None
        async with database.write() as tx:
            await mutes.mute(tx, table.document_id, person, by=person, reason="-", now=NOW)
            await documents.bump_access(tx, table.document_id)

        async def is_muted() -> bool:
            return not ana.session.grant.write

        await until_async(is_muted, "the rights are read again")


async def test_t68_who_waits_for_a_lock_keeps_no_other_document_waiting(postgres_url: str) -> None:
    async with two(postgres_url) as (table, elsewhere), laid(table.database) as other:
        connect(table, elsewhere)
        other.hub._committer = table.hub._committer
        ana, ben, cem = await table.sit(), await elsewhere.sit(), await other.sit()
        await elsewhere.type(ben, "nicht allein")
        await ana.until(Update)
        async with elsewhere.database.write() as tx:
            await documents.lock_heads(tx, [table.document_id])
            await table.type(ana, "wartet")
            await other.type(cem, "wartet nicht")
            await cem.until(Acknowledged)
            assert Acknowledged() not in ana.told
        await ana.until(Acknowledged)


async def test_t69_rooms_tell_when_they_open_and_close_and_what_they_have_written(
    database: Database,
) -> None:
    async with laid(database) as table:
        opened: list[UUID] = []
        closed: list[UUID] = []
        table.hub.on_room_opened, table.hub.on_room_closed = opened.append, closed.append
        order: list[str] = []
        table.hub.on_written = lambda _document, _written: order.append("others")
        ana, bo = await table.sit(), await table.sit()
        bo.share = lambda *_: order.append("people")  # type: ignore[method-assign]
        await table.type(ana, "eins")
        await ana.until(Acknowledged)
        assert order == ["others", "people"]
    assert opened == [table.document_id]
    assert closed == [table.document_id]

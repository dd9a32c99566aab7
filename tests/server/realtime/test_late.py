"""Late text over a real database: kept before it is answered, brought in when it may be."""

from __future__ import annotations

import asyncio
import os
import random
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.process.events.ideas import StageChanged
from collab.process.seam import late as bounds
from collab.sync.messages import AccessChanged, Acknowledged, Refused, SyncStep1, SyncStep2, Update
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.rooms.turns import ServerUpdate
from server.realtime.announce import Announcer
from server.realtime.late.shelves import Shelves
from server.realtime.late.store import SqlLateStore
from server.realtime.live import Live
from server.realtime.rooms.writer import Writer
from storage import documents, events, ideas, mutes, people, stages
from storage.database import Database, StorageUnavailable, Transaction
from storage.erasure import texts as erased
from storage.process import late
from storage.process.late import LateContribution
from tests.harness.waiting import until_async
from tests.server.realtime.table import SECTION, Guest, Table, beside, laid
from tests.storage.making import NOW, make_person, version

KEPT = Refused(RefusalReason.LATE)
FULL = Refused(RefusalReason.LATE_FULL)


async def move(table: Table, to: str, *, told: bool = True) -> None:
    """Move the idea as an official act does, and tell the rooms."""
    async with table.database.write() as tx:
        await documents.lock_heads(tx, [table.document_id])
        idea = await ideas.by_document(tx, table.document_id)
        assert idea is not None
        left, revision = idea.stage, idea.revision
        await ideas.advance(tx, idea.id, revision, from_stage=left, to_stage=to, now=NOW)
        head = (await documents.heads(tx, [table.document_id]))[table.document_id]
        await stages.append(
            tx,
            change_id=uuid4(),
            idea_id=idea.id,
            transition="move",
            from_stage=left,
            to_stage=to,
            reason="Test",
            actor_id=table.author,
            actor_name="Test",
            revision=revision + 1,
            version=version(head.seq),
            now=NOW + timedelta(minutes=revision),
        )
        await documents.bump_access(tx, table.document_id)
    if told:
        await table.hub.access_changed(table.document_id)


async def kept(table: Table) -> list[LateContribution]:
    async with table.database.read() as tx:
        return await late.of_document(tx, table.document_id)


async def log_text(table: Table) -> str:
    """The text as a cold replay of the log reads it."""
    async with table.database.read() as tx:
        found = await documents.load(tx, table.document_id)
    assert isinstance(found, documents.Found)
    doc: Doc[XmlFragment] = Doc()
    for update in found.updates:
        doc.apply_update(update)
    return str(doc.get(SECTION, type=XmlFragment))


async def until_settled(table: Table, count: int) -> list[LateContribution]:
    """Wait until so many late contributions wait no more."""

    async def is_settled() -> bool:
        return sum(row.state != "waiting" for row in await kept(table)) >= count

    await until_async(is_settled, f"{count} late contributions settled")
    return await kept(table)


async def frozen(table: Table) -> Guest:
    """A writer whose text is settled under him."""
    ana = await table.sit()
    await table.type(ana, "Rechtzeitig")
    await ana.until(Acknowledged, 1)
    await move(table, "proposal")
    await ana.until(AccessChanged)
    return ana


async def test_l1_late_text_is_kept_before_it_is_answered(database: Database) -> None:
    async with laid(database) as table:
        ana = await frozen(table)
        await table.type(ana, "Zu spät")
        await ana.until(Refused)
        assert ana.told[-1] == KEPT
        assert not ana.reasons, "the session reads on"
        (row,) = await kept(table)
        assert row.state == "waiting"
        assert row.actor_id == ana.connection.person_id
        assert row.passages == [[SECTION, "", "Zu spät"]]
        assert "Rechtzeitig" in await log_text(table)
        assert "Zu spät" not in await log_text(table)


async def test_l1_who_came_after_the_text_was_settled_is_no_former_writer(
    database: Database,
) -> None:
    async with laid(database) as table:
        await move(table, "proposal")
        async with database.write() as tx:
            person_id = await make_person(tx, now=NOW + timedelta(days=1))
            await people.add_role(tx, person_id, "participant")
        ben = await table.sit(person_id)
        await table.type(ben, "Nachträglich")
        await ben.until(Refused)
        assert ben.told[-1] == Refused(RefusalReason.READ_ONLY)
        assert await kept(table) == []


async def test_l1_a_muted_writer_is_no_former_writer(database: Database) -> None:
    async with laid(database) as table:
        ana = await frozen(table)
        assert ana.connection.person_id is not None
        async with database.write() as tx:
            person, author = ana.connection.person_id, table.author
            await mutes.mute(tx, table.document_id, person, by=author, reason="x", now=NOW)
            await documents.bump_access(tx, table.document_id)
        await table.hub.access_changed(table.document_id)
        await table.type(ana, "Zu spät")
        await ana.until(Refused)
        assert ana.told[-1] == Refused(RefusalReason.MUTED)
        assert await kept(table) == []


async def test_l2_an_answer_that_is_lost_leads_to_one_contribution(database: Database) -> None:
    async with laid(database) as table:
        ana = await frozen(table)
        await table.type(ana, "Zu spät")
        await ana.until(Refused)
        # The answer was lost: another process gets everything again, in one piece.
        async with beside(table) as other:
            again = await other.sit(ana.connection.person_id)
            again.doc.apply_update(ana.doc.get_update())
            await other.say(again, SyncStep2(ana.doc.get_update()))
            await again.until(Refused)
            assert again.told[-1] == KEPT
            with again.doc.transaction():
                again.doc.get(SECTION, type=XmlFragment).children.append(
                    XmlElement("paragraph", {}, [XmlText("Und mehr")])
                )
            await other.say(again, SyncStep2(again.doc.get_update()))
            await again.until(Refused, 2)
        rows = await kept(table)
        assert [row.passages for row in rows] == [
            [[SECTION, "", "Zu spät"]],
            [[SECTION, "", "Und mehr"]],
        ]


async def test_l1_storage_that_fails_answers_nobody_and_keeps_nothing_half(
    database: Database,
) -> None:
    async with laid(database) as table:
        ana = await frozen(table)
        with patch.object(SqlLateStore, "keep", side_effect=StorageUnavailable("away")):
            await table.type(ana, "Zu spät")
            assert await ana.until_ended() == "try-again"
        assert KEPT not in ana.told
        again = await table.sit(ana.connection.person_id)
        await table.say(again, SyncStep2(ana.doc.get_update()))
        await again.until(Refused)
        assert again.told[-1] == KEPT
        assert len(await kept(table)) == 1


async def test_l3_beyond_the_count_late_text_is_refused_with_its_own_code(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "COUNT_MAX", 2)
    async with laid(database) as table:
        ana = await frozen(table)
        for number, answer in enumerate([KEPT, KEPT, FULL, FULL], 1):
            await table.type(ana, f"Nachtrag {number}")
            await ana.until(Refused, number)
            # What follows on a refused one does not fit; the client begins anew and says all.
            if answer == FULL:
                break
            assert ana.told[-1] == answer
        assert ana.told[-1] == FULL
        assert len(await kept(table)) == 2
        assert not ana.reasons


async def test_l3_beyond_the_bytes_late_text_is_refused_and_another_person_is_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with laid(database) as table:
        ben = await table.sit()
        ana = await frozen(table)
        await table.type(ana, "x" * 500)
        await ana.until(Refused)
        (row,) = await kept(table)
        monkeypatch.setattr(bounds, "BYTES_MAX", row.size + 20)
        await table.type(ana, "y" * 500)
        await ana.until(Refused, 2)
        assert ana.told[-1] == FULL
        await table.say(ben, Update(ana_like(ben, "z" * 200)))
        await ben.until(Refused)
        assert ben.told[-1] == KEPT


def ana_like(guest: Guest, text: str) -> bytes:
    before = guest.doc.get_state()
    with guest.doc.transaction():
        root = guest.doc.get(SECTION, type=XmlFragment)
        root.children.append(XmlElement("paragraph", {}, [XmlText(text)]))
    return guest.doc.get_update(before)


async def test_l4_late_text_comes_in_with_its_author_when_he_may_write_again(
    database: Database,
) -> None:
    async with laid(database) as table:
        ben = await table.sit()
        ana = await frozen(table)
        for number, text in enumerate(["Erstens", "Zweitens"], 1):
            await table.type(ana, text)
            await ana.until(Refused, number)
        await move(table, "elaboration")
        rows = await until_settled(table, 2)
        text = await log_text(table)
        assert text.index("Erstens") < text.index("Zweitens")
        assert [row.state for row in rows] == ["applied", "applied"]
        assert all(row.update is None for row in rows)
        async with database.read() as tx:
            log = {row.seq: row for row in await documents.log(tx, table.document_id, 1)}
        assert {log[row.applied_seq or 0].actor_id for row in rows} == {ana.connection.person_id}
        async with asyncio.timeout(10):
            while "Zweitens" not in ben.text:
                ben.news.clear()
                await ben.news.wait()


async def test_l4_it_comes_in_although_nobody_has_the_text_open(database: Database) -> None:
    async with laid(database) as table:
        ana = await frozen(table)
        await table.type(ana, "Zu spät")
        await ana.until(Refused)
        async with beside(table) as other:
            # This process has not opened the text; it hears of the act by its event.
            announcer = Announcer(database, Live(), other.hub)
            table.leave(ana)
            await table.hub.stop()
            await move(table, "elaboration", told=False)
            async with database.write() as tx:
                idea = await ideas.by_document(tx, table.document_id)
                assert idea is not None
                await announce_move(tx, idea.id, table.author)
            await announcer._read_on()
            await until_settled(table, 1)
        assert "Zu spät" in await log_text(table)


async def announce_move(tx: Transaction, idea_id: UUID, author: UUID) -> None:
    """The event that an act would leave behind."""
    fact = StageChanged("back", "proposal", "elaboration", "", version(1))
    await events.append(tx, fact, idea_id=idea_id, actor_id=author, public=True, now=NOW)


async def test_l4_what_waits_for_another_right_goes_on_waiting(database: Database) -> None:
    async with laid(database) as table:
        ana = await frozen(table)
        await table.type(ana, "Zu spät")
        await ana.until(Refused)
        await move(table, "returned")  # there only the team writes
        await table.hub.flush(table.document_id)
        assert [row.state for row in await kept(table)] == ["waiting"]
        await move(table, "open")
        await until_settled(table, 1)
        assert "Zu spät" in await log_text(table)


async def test_l4_what_follows_on_a_text_that_was_rewritten_is_set_aside_and_readable(
    database: Database,
) -> None:
    async with laid(database) as table:
        ana = await frozen(table)
        await table.type(ana, "Zu spät")
        await ana.until(Refused)
        async with database.write() as tx:
            (head,) = (await documents.lock_heads(tx, [table.document_id])).values()
            loaded = await documents.load(tx, table.document_id)
            assert isinstance(loaded, documents.Found)
            await erased.rewrite(tx, head, loaded.updates[0], {1: None}, NOW)
        await move(table, "elaboration")
        (row,) = await until_settled(table, 1)
        assert (row.state, row.reason) == ("set_aside", "stale-document")
        assert row.passages == [[SECTION, "", "Zu spät"]]
        assert "Zu spät" not in await log_text(table)


async def test_l4_what_follows_on_one_that_does_not_fit_yet_waits_with_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with laid(database) as table:
        ana = await frozen(table)
        for number, text in enumerate(["Erstens", "Zweitens"], 1):
            await table.type(ana, text)
            await ana.until(Refused, number)
        honest, is_full = Writer.write, True

        async def write_unless_full(self: Writer, writings: Any) -> Any:
            if is_full and isinstance(writings[0], ServerUpdate):
                return [(writings[0], FrameRefused(RefusalReason.QUOTA))]
            return await honest(self, writings)

        monkeypatch.setattr(Writer, "write", write_unless_full)
        await move(table, "elaboration")
        await table.hub.flush(table.document_id)
        assert [row.state for row in await kept(table)] == ["waiting", "waiting"]
        is_full = False
        await table.hub.access_changed(table.document_id)
        rows = await until_settled(table, 2)
        assert [row.state for row in rows] == ["applied", "applied"]


async def test_l5_a_text_that_is_settled_again_meanwhile_stays_as_it_is(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with laid(database) as table:
        ana = await frozen(table)
        await table.type(ana, "Zu spät")
        await ana.until(Refused)
        honest, meddled = Shelves.fitting, asyncio.Event()

        async def settled_meanwhile(self: Shelves) -> Any:
            found = await honest(self)
            if found and not meddled.is_set():
                await move(table, "proposal", told=False)
                meddled.set()
            return found

        monkeypatch.setattr(Shelves, "fitting", settled_meanwhile)
        await move(table, "elaboration")
        async with asyncio.timeout(10):
            await meddled.wait()
        await table.hub.flush(table.document_id)
        assert "Zu spät" not in await log_text(table)
        assert [row.state for row in await kept(table)] == ["waiting"]
        await move(table, "elaboration")
        await until_settled(table, 1)
        assert "Zu spät" in await log_text(table)


@pytest.mark.parametrize("round_number", range(4))
async def test_l4_nothing_kept_is_lost_nothing_is_in_the_settled_text_and_all_read_the_same(
    sqlite_url: str, round_number: int
) -> None:
    seed = int(os.environ.get("ARENA_TEST_SEED", random.randrange(2**32)))
    print(f"ARENA_TEST_SEED={seed}, round {round_number}")  # noqa: T201
    dice = random.Random(seed)
    database = await Database.open(sqlite_url)
    async with laid(database) as table:
        guests = [await table.sit() for _ in range(3)]
        for guest in guests:
            await table.type(guest, f"vorher-{guest.session.id}")
            await guest.until(Acknowledged)
        words = {guest: [write(guest, dice) for _ in range(dice.randint(1, 5))] for guest in guests}
        await move(table, "proposal")
        settled, promised = await log_text(table), set[str]()
        for _ in range(dice.randint(3, 8)):
            # Somebody comes, again and again, with everything: his answers were lost.
            guest = dice.choice(guests)
            back = await table.sit(guest.connection.person_id)
            await table.say(back, SyncStep2(guest.doc.get_update()))
            await back.until(Refused)
            assert back.told[-1] == KEPT
            promised |= set(words[guest])
            if dice.random() < 0.5:
                words[guest].append(write(guest, dice))
        assert await log_text(table) == settled
        await move(table, "elaboration")
        await until_settled(table, len(await kept(table)))
        final = await log_text(table)
        assert {word for word in promised if word not in final} == set()
        late_comers = [await table.sit(), await table.sit(guests[0].connection.person_id)]
        assert {each.text for each in late_comers} == {final}
        for guest in guests:
            await table.say(guest, SyncStep1(guest.doc.get_state()))
            await table.say(guest, SyncStep2(guest.doc.get_update()))

        async def is_one() -> bool:
            return {guest.text for guest in guests} == {await log_text(table)}

        await until_async(is_one, "one text")
    await database.close()


def write(guest: Guest, dice: random.Random) -> str:
    """Type a word somewhere without telling anybody; the word."""
    word = f"w{dice.randrange(10**9)}"
    with guest.doc.transaction():
        root = guest.doc.get(SECTION, type=XmlFragment)
        at = dice.randrange(len(root.children) + 1)
        root.children.insert(at, XmlElement("paragraph", {}, [XmlText(word)]))
    return word

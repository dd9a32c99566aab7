"""Rooms over a real database: what is durable, what is told, what happens when things fail."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pycrdt import XmlElement, XmlFragment

from collab.sync.address import DocumentAddress
from collab.sync.document import Document
from collab.sync.messages import (
    Acknowledged,
    Awareness,
    AwarenessEntry,
    PermissionDenied,
    Refused,
    SyncStep2,
    Update,
)
from collab.sync.refusals import FrameRefused, RefusalReason
from server.actions.seeds import dossier_schema
from server.realtime.open_rooms import NotAdmitted
from server.realtime.polling import watch
from server.realtime.rooms import committer
from server.realtime.rooms.live_room import State
from server.realtime.rooms.loading import DocumentAbsent
from storage import documents, ideas, mutes, texts
from storage.database import Database
from storage.documents import Batch, Found, LogRow, Outcome
from storage.log.rows import DOCUMENT
from tests.harness.waiting import until_async
from tests.server.realtime.table import SECTION, Socket, Table, beside, laid
from tests.storage.making import NOW


async def test_s1_nothing_is_acknowledged_or_told_before_the_commit(database: Database) -> None:
    async with laid(database) as table:
        ana, bo = await table.sit(), await table.sit()
        async with database.write() as tx:
            await documents.lock_heads(tx, [table.document_id])
            await table.type(ana, "Hallo")
            await until_async(table.has_taken_everything, "the room has begun its turn")
            assert Acknowledged() not in ana.told
            assert "Hallo" not in bo.text
        await ana.until(Acknowledged)
        await bo.until(Update)
        assert "Hallo" in bo.text


async def test_s12_the_log_names_the_actor_of_each_row(database: Database) -> None:
    async with laid(database) as table:
        ana, bo = await table.sit(), await table.sit()
        await asyncio.gather(table.type(ana, "von Ana"), table.type(bo, "von Bo"))
        await ana.until(Acknowledged)
        await bo.until(Acknowledged)
        async with database.read() as tx:
            rows = await documents.log(tx, table.document_id, 1)
        actors = {row.actor_id for row in rows if b"von " in row.update}
        assert actors == {ana.connection.person_id, bo.connection.person_id}


async def test_s1_a_failed_commit_acknowledges_nothing_and_the_text_comes_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with laid(database) as table:
        ana = await table.sit()

        async def fail(database: Database, batches: Sequence[Batch], now: datetime) -> Any:
            raise OSError("disk full")

        with monkeypatch.context() as broken:
            broken.setattr(documents, "commit_batch", fail)
            await table.type(ana, "noch nicht gespeichert")
            assert await ana.until_ended() == "try-again"
        assert Acknowledged() not in ana.told
        again = await table.sit(ana.connection.person_id)
        assert "noch nicht" not in again.text
        await table.say(again, SyncStep2(ana.doc.get_update()))
        await again.until(Acknowledged)
        bo = await table.sit()
        assert "noch nicht gespeichert" in bo.text


async def test_s1_one_documents_failure_does_not_stop_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = documents.commit_batch
    async with laid(database) as table, laid(database) as other:
        other.hub._committer = table.hub._committer
        ana, bo = await table.sit(), await other.sit()

        async def fail_for_one(
            database: Database, batches: Sequence[Batch], now: datetime
        ) -> dict[Any, Outcome]:
            if any(batch.document_id == table.document_id for batch in batches):
                raise OSError("this row only")
            return await honest(database, batches, now)

        monkeypatch.setattr(documents, "commit_batch", fail_for_one)
        await asyncio.gather(table.type(ana, "a"), other.type(bo, "b"))
        assert await ana.until_ended() == "try-again"
        await bo.until(Acknowledged)
        assert committer.ENTRIES_MAX > 1


async def test_p6_a_mute_holds_for_frames_that_are_under_way(database: Database) -> None:
    async with laid(database) as table:
        ana, bo = await table.sit(), await table.sit()
        person = ana.connection.person_id
        assert person is not None
        async with database.write() as tx:
            await mutes.mute(
                tx, table.document_id, person, by=table.author, reason="Vandalismus", now=NOW
            )
            await documents.bump_access(tx, table.document_id)
        await asyncio.gather(table.type(ana, "Unfug"), table.type(bo, "Sachliches"))
        await ana.until(Refused)
        await bo.until(Acknowledged)
        assert Refused(RefusalReason.MUTED) in ana.told
        late = await table.sit()
        assert "Sachliches" in late.text
        assert "Unfug" not in late.text


async def test_p6_rights_that_change_while_somebody_comes_in_are_not_missed(
    database: Database,
) -> None:
    async with laid(database) as table:
        await table.sit()
        guest_id = table.author
        admitted = await table.hub.admit(table.address, guest_id)
        async with database.write() as tx:
            await mutes.mute(tx, table.document_id, guest_id, by=guest_id, reason="-", now=NOW)
            await documents.bump_access(tx, table.document_id)
        await table.hub.access_changed(table.document_id)
        table.hub.admit = lambda *_: _already(admitted)  # type: ignore[method-assign]
        late = await table.sit(guest_id)
        await table.type(late, "noch schnell")
        await late.until(Refused)
        assert Refused(RefusalReason.MUTED) in late.told


async def _already(admitted: Any) -> Any:
    return admitted


async def test_what_another_process_commits_is_caught_up_before_the_own_turn(
    database: Database,
) -> None:
    async with laid(database) as table, beside(table) as elsewhere:
        ana, bo = await table.sit(), await elsewhere.sit()
        await elsewhere.type(bo, "woanders")
        await bo.until(Acknowledged)
        await table.type(ana, "hier")
        await ana.until(Acknowledged)
        await ana.until(Update)
        assert "woanders" in ana.text
        async with database.read() as tx:
            found = await documents.load(tx, table.document_id)
        assert isinstance(found, Found)


async def test_s32_an_open_room_reads_on_when_another_process_has_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "HEADS_S", 0.02)
    async with laid(database) as table, beside(table) as elsewhere:
        ana, bo = await table.sit(), await elsewhere.sit()
        await elsewhere.type(bo, "woanders")
        await ana.until(Update)
        assert "woanders" in ana.text


async def test_s33_who_comes_from_a_process_that_is_ahead_is_not_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "HEADS_S", 3_600)
    async with laid(database) as table, beside(table) as elsewhere:
        bo = await elsewhere.sit()
        await elsewhere.type(bo, "eins")
        await bo.until(Acknowledged)
        behind = await table.sit(bo.connection.person_id)
        await table.say(behind, SyncStep2(bo.doc.get_update()))
        await behind.until(Acknowledged)
        await elsewhere.type(bo, "zwei")
        await bo.until(Acknowledged, 2)
        before = bo.doc.get_state()
        with bo.doc.transaction():
            bo.doc.get(SECTION, type=XmlFragment).children.append(XmlElement("paragraph"))
        await table.say(behind, Update(bo.doc.get_update(before)))
        await behind.until(Acknowledged, 2)
        assert not behind.reasons


async def test_s33_a_reader_from_a_process_that_is_ahead_is_not_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "HEADS_S", 3_600)
    async with laid(database) as table, beside(table) as elsewhere:
        ana, bo = await elsewhere.sit(), await elsewhere.sit()
        person = bo.connection.person_id
        assert person is not None
        async with database.write() as tx:
            await mutes.mute(tx, table.document_id, person, by=person, reason="-", now=NOW)
        reader = await table.sit(person)
        await elsewhere.type(ana, "woanders")
        await bo.until(Update)
        await table.say(reader, SyncStep2(bo.doc.get_update()))
        await reader.until(Acknowledged)
        assert not any(isinstance(each, Refused) for each in reader.told)


async def test_s5_a_document_rewritten_while_somebody_comes_in_stays_closed_to_him(
    database: Database,
) -> None:
    async with laid(database) as table:
        ana = await table.sit()
        admitted = await table.hub.admit(table.address, table.author)
        async with database.write() as tx:
            head = (await documents.lock_heads(tx, [table.document_id]))[table.document_id]
            await tx.run(DOCUMENT.update().values(epoch=2, seq=0))
            seed = Document.seeded(dossier_schema())[1]
            await documents.append(tx, replace(head, epoch=2, seq=0), [LogRow(seed, None)], NOW)
        await table.type(ana, "für den alten Text")
        assert await ana.until_ended() == "stale-document"
        table.hub.admit = lambda *_: _already(admitted)  # type: ignore[method-assign]
        late = await table.sit(table.author, is_synced=False)
        assert await late.until_ended() == "stale-document"
        assert late.told == [PermissionDenied("stale-document")]


async def test_s8_who_reads_too_slowly_is_brought_up_to_date(database: Database) -> None:
    async with laid(database) as table:
        ana, slow = await table.sit(), await table.sit()
        assert isinstance(slow.connection, Socket)
        slow.connection.is_stuck = True
        for number in range(5):
            await table.type(ana, f"Absatz {number}")
        await ana.until(Acknowledged, 5)
        assert not any(isinstance(message, Update) for message in slow.told)
        table.drain(slow)
        await slow.until(Update)
        assert sum(isinstance(message, Update) for message in slow.told) == 1
        assert slow.text == ana.text
        await table.type(ana, "danach")
        await slow.until(Update, 2)
        assert slow.text == ana.text


async def test_s8_who_is_behind_where_the_log_was_cut_comes_again(database: Database) -> None:
    async with laid(database) as table:
        ana, ben, slow = await table.sit(), await table.sit(), await table.sit()
        assert isinstance(slow.connection, Socket)
        slow.connection.is_stuck = True
        for number in range(5):
            await table.type(ana, f"Absatz {number}")
            await ana.until(Acknowledged, number + 1)
        assert await cut(table) > 2
        table.drain(slow)
        assert await slow.until_ended() == "try-again"
        await table.type(ana, "danach")
        await ana.until(Acknowledged, 6)
        await ben.until(Update, 6)
        assert ana.reasons == ben.reasons == []
        again = await table.sit(slow.connection.person_id)
        assert again.text == ben.text == ana.text
        assert "Absatz 0" in again.text


async def cut(table: Table) -> int:
    """Cut the log as far as snapshots allow; the number of rows that went."""
    async with table.database.read() as tx:
        found = await documents.load(tx, table.document_id)
    assert isinstance(found, Found)
    updates = found.updates
    async with table.database.write() as tx:
        for seq in (found.head.seq - 1, found.head.seq):
            state = Document.load(dossier_schema(1), updates[:seq]).state()
            await documents.save_snapshot(tx, table.document_id, 1, seq, state, NOW)
        return await documents.trim(tx, table.document_id, NOW + timedelta(days=1))


async def test_s5_an_old_epoch_and_an_unknown_document_do_not_get_in(database: Database) -> None:
    async with laid(database) as table:
        with pytest.raises(NotAdmitted) as stale:
            await table.hub.admit(DocumentAddress(table.document_id, 2, 1), table.author)
        assert stale.value.reason == "stale-document"
        with pytest.raises((NotAdmitted, DocumentAbsent)):
            await table.hub.admit(DocumentAddress(uuid4(), 1, 1), table.author)


async def test_concurrent_joins_share_one_load(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = 0
    load = documents.load

    async def counted(*arguments: Any) -> Any:
        nonlocal loads
        loads += 1
        return await load(*arguments)

    monkeypatch.setattr(documents, "load", counted)
    async with laid(database) as table:
        guests = await asyncio.gather(*(table.sit() for _ in range(5)))
        assert loads == 1
        assert len({table.rooms[guest] for guest in guests}) == 1


async def test_flush_writes_the_projection_of_the_durable_text(database: Database) -> None:
    async with laid(database) as table:
        ana = await table.sit()
        await table.type(ana, "Für die Suche")
        await ana.until(Acknowledged)
        await table.hub.flush(table.document_id)
        text, version = await table.hub.text(table.document_id)
        async with database.read() as tx:
            idea = await ideas.by_document(tx, table.document_id)
            assert idea is not None
            row = await texts.get(tx, idea.id)
        assert row is not None
        assert "Für die Suche" in row.plain
        assert (row.epoch, row.seq, row.sha256) == (version.epoch, version.seq, version.sha256)
        assert text.title == "Radweg"


async def test_s37_draining_acknowledges_what_has_arrived_and_lets_nobody_in(
    database: Database,
) -> None:
    async with laid(database) as table:
        ana = await table.sit()
        table.hub.sockets.add(ana.connection, ana.connection.person_id)
        await table.type(ana, "kurz vor Schluss")
        await table.hub.drain()
        assert Acknowledged() in ana.told
        assert isinstance(ana.connection, Socket)
        assert ana.connection.closed_with == (1012, "restarting")
        with pytest.raises(NotAdmitted):
            await table.hub.admit(table.address, table.author)


async def test_p3_a_suspended_persons_sockets_are_closed_at_once(database: Database) -> None:
    async with laid(database) as table:
        ana = await table.sit()
        table.hub.sockets.add(ana.connection, ana.connection.person_id)
        assert ana.connection.person_id is not None
        await table.hub.revoke(ana.connection.person_id)
        assert isinstance(ana.connection, Socket)
        assert ana.connection.closed_with == (4401, "suspended")


async def test_s3_an_update_of_the_server_that_does_not_fit_is_refused_to_its_maker(
    database: Database,
) -> None:
    async with laid(database) as table:
        ana = await table.sit()
        with pytest.raises(FrameRefused):
            await table.hub.apply_server_update(table.document_id, b"\x01nonsense", table.author)
        await table.type(ana, "geht weiter")
        await ana.until(Acknowledged)


async def test_who_comes_into_a_room_that_has_just_closed_is_told_to_come_again(
    database: Database,
) -> None:
    async with laid(database) as table:
        await table.sit()
        admitted = await table.hub.admit(table.address, table.author)
        admitted.room.state = State.CLOSED
        table.hub.admit = lambda *_: _already(admitted)  # type: ignore[method-assign]
        with pytest.raises(NotAdmitted) as refused:
            await table.sit(table.author)
        assert refused.value.reason == "try-again"


async def test_a_room_that_opens_shows_what_a_crash_kept_from_being_shown(
    database: Database,
) -> None:
    async with laid(database) as table:
        ana = await table.sit()
        await table.type(ana, "vor dem Absturz")
        await ana.until(Acknowledged)
    async with database.write() as tx:
        idea = await ideas.by_document(tx, table.document_id)
        assert idea is not None
        await tx.run(texts.IDEA_TEXT.update().values(seq=0))
    async with beside(table) as again:
        await again.sit()

        async def is_shown() -> bool:
            async with database.read() as tx:
                head = (await documents.heads(tx, [table.document_id]))[table.document_id]
                return await texts.shown_at(tx, idea.id) == (head.epoch, head.seq)

        await until_async(is_shown, "the projection has caught up")


async def test_sending_everybody_away_tells_nobody_who_has_gone(database: Database) -> None:
    async with laid(database) as table:
        guests = [await table.sit() for _ in range(4)]
        for number, guest in enumerate(guests):
            entry = AwarenessEntry(100 + number, 1, "{}")
            await table.say(guest, Awareness((entry,)))
        await guests[-1].until(Awareness)
        told = [len(guest.told) for guest in guests]
        table.rooms[guests[0]]._audience.end_all("try-again")
        assert [guest.reasons for guest in guests] == [["try-again"]] * 4
        assert [len(guest.told) for guest in guests] == told

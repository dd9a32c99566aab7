"""What follows from a death: who is held back, what is kept apart, and where the text goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pycrdt
import pytest
from sqlalchemy import update

from collab.sync.messages import AccessChanged, Acknowledged, Refused, SyncStep2, Update
from collab.sync.refusals import RefusalReason
from server.realtime.crash import child as children
from server.realtime.crash import inquest as inquests
from server.realtime.crash.deaths import report_deaths
from server.realtime.crash.inquest import Inquest
from server.realtime.crash.record import Phase
from server.realtime.rooms.loading import DocumentSuspect, DocumentUnreadable, load
from storage import documents
from storage.database import Database
from storage.documents import Found, LogRow
from storage.log import quarantine
from storage.log.rows import LOG
from tests.server.crash.killers import MODULE, PANIC, READ, PanicException
from tests.server.crash.test_record import left_behind
from tests.server.crash.test_rescue import killer
from tests.server.realtime.table import Guest, Table, beside, laid
from tests.storage.making import NOW


async def die_over(table: Table, folder: Path, said: bytes, who: UUID, fault: str = "") -> None:
    """A process dies while it applies this update, and the next one starts."""
    note = left_behind(folder, fault)
    note.begin(table.document_id, 1, 1, Phase.READ)
    note.applying(said, who)
    assert await report_deaths(table.database, folder, lambda: NOW) == 1


async def apart(table: Table) -> list[quarantine.Quarantined]:
    """What is kept apart from the document."""
    async with table.database.read() as tx:
        return list(await quarantine.of_document(tx, table.document_id))


async def poison(table: Table) -> int:
    """A row that kills whoever loads it is in the log; its seq."""
    async with table.database.write() as tx:
        head = (await documents.lock_heads(tx, [table.document_id]))[table.document_id]
        return await documents.append(tx, head, [LogRow(killer(4_242), table.author)], NOW)


def typed(guest: Guest, text: str) -> bytes:
    """What the guest would send."""
    before = guest.doc.get_state()
    root = guest.doc.get("situation", type=pycrdt.XmlFragment)
    root.children.append(pycrdt.XmlElement("paragraph", {}, [pycrdt.XmlText(text)]))
    return guest.doc.get_update(before)


async def test_s29_a_kill_from_outside_holds_nobody_back(
    database: Database, tmp_path: Path
) -> None:
    async with laid(database) as table:
        ana = await table.sit()
        person = ana.connection.person_id
        assert person is not None
        said = typed(ana, "Hallo")
        await die_over(table, tmp_path, said, person)
        await Inquest(database, lambda: NOW).inquire(table.document_id)
        assert await apart(table) == []
        await table.say(ana, Update(said))
        await ana.until(Acknowledged)


@pytest.mark.parametrize("fault", ["", "Fatal Python error: Segmentation fault"])
async def test_s26_the_same_update_does_not_kill_again_even_if_no_child_dies_of_it(
    database: Database, tmp_path: Path, fault: str
) -> None:
    async with laid(database) as table:
        ana, bo = await table.sit(), await table.sit()
        person = ana.connection.person_id
        assert person is not None
        said = typed(ana, "Hallo")
        for _ in range(1 if fault else 2):
            await die_over(table, tmp_path, said, person, fault)
            await Inquest(database, lambda: NOW).inquire(table.document_id)
        (found,) = await apart(table)
        assert (found.verdict, found.update) == ("killer", said)
        await table.say(ana, Update(said))
        await ana.until(Refused)
        assert Refused(RefusalReason.QUARANTINED) in ana.told
        await table.type(bo, "Guten Tag")
        await ana.until(Update)
        assert "Guten Tag" in ana.text, "who is held back reads on"


async def test_s26_who_is_released_writes_again_but_the_killer_stays_out(
    database: Database, tmp_path: Path
) -> None:
    async with laid(database) as table:
        ana = await table.sit()
        person = ana.connection.person_id
        assert person is not None
        said = typed(ana, "Hallo")
        await die_over(table, tmp_path, said, person, "Fatal")
        await Inquest(database, lambda: NOW).inquire(table.document_id)
        async with database.write() as tx:
            assert await quarantine.release(tx, table.document_id, [table.author], NOW) == 0
            assert await quarantine.release(tx, table.document_id, [person], NOW) == 1
            await documents.bump_access(tx, table.document_id)
        async with beside(table) as there:
            again = await there.sit(person)
            # In other company: it comes with all that the old copy holds.
            await there.say(again, SyncStep2(ana.doc.get_update()))
            await again.until(Refused)
            assert Refused(RefusalReason.QUARANTINED) in again.told
            await there.type(again, "Diesmal ohne")
            await again.until(Acknowledged)


async def test_s26_who_killed_over_two_texts_is_held_back_in_all(
    database: Database, tmp_path: Path
) -> None:
    async with laid(database) as first, laid(database) as second, laid(database) as third:
        eve = first.author
        for number, table in enumerate((first, second)):
            async with database.read() as tx:
                assert await quarantine.held(tx, third.document_id) == set()
            await die_over(table, tmp_path, b"\x00\x00%d" % number, eve, "Fatal")
            await Inquest(database, lambda: NOW).inquire(table.document_id)
            async with database.read() as tx:
                assert await quarantine.held(tx, table.document_id) == {eve}
        async with database.read() as tx:
            assert await quarantine.held(tx, third.document_id) == {eve}


async def test_s26_an_update_that_breaks_the_document_is_quarantined_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = pycrdt.Doc.apply_update

    def panicking(self: pycrdt.Doc[Any], update: bytes) -> None:
        if PANIC.encode() in update:
            raise PanicException("index out of bounds")
        apply(self, update)

    async with laid(database) as table:
        ana, eve = await table.sit(), await table.sit()
        said = typed(eve, PANIC)
        monkeypatch.setattr(pycrdt.Doc, "apply_update", panicking)
        await table.say(eve, Update(said))
        await eve.until(Refused)
        assert eve.told[-2:] == [
            AccessChanged(False, "quarantined"),
            Refused(RefusalReason.QUARANTINED),
        ]
        assert [found.verdict for found in await apart(table)] == ["killer"]
        await table.type(ana, "Es geht weiter")
        await ana.until(Acknowledged)
        await eve.until(Update)
        assert "Es geht weiter" in eve.text


async def test_s27_a_text_that_breaks_when_read_is_restored_while_the_process_lives(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    diff = pycrdt.XmlText.diff

    def panicking(self: pycrdt.XmlText) -> list[Any]:
        runs = diff(self)
        if any(READ in str(run) for run, _ in runs):
            raise PanicException("index out of bounds")
        return runs

    monkeypatch.setattr(pycrdt.XmlText, "diff", panicking)
    monkeypatch.setattr(children, "COMMAND", (*children.COMMAND[:2], MODULE, "trial"))
    async with laid(database) as table:
        ana, eve = await table.sit(), await table.sit()
        await table.type(ana, "Das bleibt")
        await ana.until(Acknowledged)
        await table.type(eve, READ)
        assert await ana.until_ended() == "try-again"
        text, version = await table.hub.text(table.document_id)
        assert version.epoch == 2
        assert "Das bleibt" in str(text.sections)
        assert READ not in str(text.sections)
        async with database.read() as tx:
            assert await quarantine.held(tx, table.document_id) == {eve.connection.person_id}


async def test_s27_a_suspect_document_is_not_loaded_here(database: Database) -> None:
    async with laid(database) as table:
        async with database.write() as tx:
            head = (await documents.lock_heads(tx, [table.document_id]))[table.document_id]
            await quarantine.accuse(tx, head, [], "load", NOW)
        async with database.read() as tx:
            with pytest.raises(DocumentSuspect):
                await load(tx, table.document_id)
        ana = await table.sit()
        await table.type(ana, "geprüft und geöffnet")
        await ana.until(Acknowledged)


async def test_s27_a_document_that_kills_goes_on_in_a_new_epoch(database: Database) -> None:
    async with laid(database) as table:
        bo = await table.sit()
        await table.type(bo, "Das bleibt")
        await bo.until(Acknowledged)
    seq = await poison(table)
    async with laid(database) as other:
        async with database.write() as tx:
            head = (await documents.lock_heads(tx, [table.document_id]))[table.document_id]
            await quarantine.accuse(tx, head, [], "load", NOW)
        text, version = await other.hub.text(table.document_id)
        assert (version.epoch, version.seq) == (2, 1)
        assert "Das bleibt" in str(text.sections)
    async with database.read() as tx:
        found = await documents.load(tx, table.document_id)
        assert isinstance(found, Found)
        assert bo.connection.person_id in found.owners.values()
        assert await quarantine.held(tx, table.document_id) == {table.author}
        (kept,) = await quarantine.of_document(tx, table.document_id)
        assert (kept.seq, kept.update, kept.verdict) == (seq, killer(4_242), "killer")
        assert not await quarantine.is_suspect(tx, table.document_id)


async def test_s30_a_document_that_kills_and_is_damaged_waits_for_an_operator(
    database: Database,
) -> None:
    async with laid(database) as table:
        pass
    seq = await poison(table)
    async with database.write() as tx:
        head = (await documents.lock_heads(tx, [table.document_id]))[table.document_id]
        await documents.append(tx, head, [LogRow(b"to be damaged", None)], NOW)
        await quarantine.accuse(tx, head, [], "load", NOW)
        await tx.run(update(LOG).where(LOG.c.seq == seq + 1).values(update=b"damaged"))
    await Inquest(database, lambda: NOW).inquire(table.document_id)
    async with database.read() as tx:
        with pytest.raises(DocumentUnreadable):
            await load(tx, table.document_id)
        assert (await documents.heads(tx, [table.document_id]))[table.document_id].epoch == 1


async def test_s30_a_process_restores_only_so_many_documents_by_itself(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquests, "RESTORES_MAX", 0)
    async with laid(database) as table:
        pass
    await poison(table)
    async with database.write() as tx:
        head = (await documents.lock_heads(tx, [table.document_id]))[table.document_id]
        await quarantine.accuse(tx, head, [], "load", NOW)
    await Inquest(database, lambda: NOW).inquire(table.document_id)
    async with database.read() as tx:
        assert await quarantine.is_suspect(tx, table.document_id)
        assert (await documents.heads(tx, [table.document_id]))[table.document_id].epoch == 1

"""A document that is rewritten while people have it open: they learn it, and bring nothing back."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.errors import Conflict
from collab.sync.address import DocumentAddress
from collab.sync.messages import Acknowledged, SyncStep2
from collab.sync.refusals import FrameRefused
from server.actions.erasure.texts import erase_past, erase_person_text
from server.actions.live.exact_text import exact_text
from server.realtime.open_rooms import NotAdmitted
from server.services import Services
from storage import documents, texts
from storage.database import Database
from storage.erasure import asked
from storage.events import StoredEvent
from tests.server.realtime.table import Guest, Table, beside, laid
from tests.storage.making import NOW

CANARY = "kanarienvogel"


@dataclass
class Messenger:
    """Stands where the announcer stands: tells one hub of what other rooms must know."""

    table: Table
    told: list[StoredEvent] = field(default_factory=list)

    async def announce(self, events: list[StoredEvent]) -> None:
        self.told += events
        await self.table.hub.access_changed(self.table.document_id)


def services_of(table: Table) -> Services:
    """As much of the services as an erasure uses."""
    parts = SimpleNamespace(
        database=table.database, clock=lambda: NOW, announcer=Messenger(table), hub=table.hub
    )
    return cast("Services", cast("Any", parts))


async def erase(table: Table, person_id: UUID) -> None:
    """Erase the person's text at the table."""
    erasure_id = uuid4()
    async with table.database.write() as tx:
        await asked.ask(
            tx,
            erasure_id=erasure_id,
            now=NOW,
            person_id=person_id,
            document_id=table.document_id,
        )
    await erase_person_text(services_of(table), erasure_id, table.document_id, person_id)


async def stored(database: Database, document_id: UUID) -> bytes:
    """Every byte that the tables hold of the document's text."""
    async with database.read() as tx:
        found = await documents.load(tx, document_id)
        assert isinstance(found, documents.Found)
        logs = [await documents.log(tx, document_id, epoch) for epoch in (1, 2)]
    return b"|".join([*found.updates, *(row.update for rows in logs for row in rows)])


async def typed(table: Table, *texts_of: str) -> Guest:
    """A guest who has typed these paragraphs, saved."""
    guest = await table.sit()
    for number, content in enumerate(texts_of, 1):
        await table.type(guest, content)
        await guest.until(Acknowledged, number)
    return guest


def next_epoch(table: Table) -> DocumentAddress:
    return DocumentAddress(table.document_id, 2, 1)


async def test_x4_everybody_at_the_table_is_sent_away_at_once(database: Database) -> None:
    async with laid(database) as table:
        ana, bo = await typed(table, CANARY), await typed(table, "von Bo")
        assert ana.connection.person_id is not None
        await erase(table, ana.connection.person_id)
        assert await ana.until_ended() == "stale-document"
        assert await bo.until_ended() == "stale-document"
        assert CANARY.encode() not in await stored(database, table.document_id)
        with pytest.raises(NotAdmitted, match="stale-document"):
            await table.hub.admit(table.address, bo.connection.person_id)
        admitted = await table.hub.admit(next_epoch(table), bo.connection.person_id)
        text = admitted.room.room.document.state()
        assert b"von Bo" in text
        assert CANARY.encode() not in text


async def test_x4_another_process_learns_it_by_the_event_or_by_its_next_commit(
    database: Database,
) -> None:
    async with laid(database) as table, beside(table) as second, beside(table) as third:
        ana = await typed(table, CANARY)
        bo, cy = await typed(second, "von Bo"), await typed(third, "von Cy")
        assert ana.connection.person_id is not None
        await erase(table, ana.connection.person_id)
        await second.hub.access_changed(table.document_id)
        assert await bo.until_ended() == "stale-document"
        await third.type(cy, "noch etwas")
        assert await cy.until_ended() == "stale-document"
        left = await stored(database, table.document_id)
        assert b"noch etwas" not in left
        assert CANARY.encode() not in left


async def test_x4_a_copy_of_the_old_text_brings_nothing_back(database: Database) -> None:
    async with laid(database) as table:
        ana, bo = await typed(table, CANARY), await typed(table, "von Bo")
        assert ana.connection.person_id is not None
        old = bo.doc.get_update()
        assert CANARY.encode() in old
        await erase(table, ana.connection.person_id)
        for guest in (ana, bo):
            await guest.until_ended()
        for person_id in (ana.connection.person_id, bo.connection.person_id):
            again = await _sits_again(table, person_id)
            await table.say(again, SyncStep2(old))
            await again.until(Acknowledged)
            assert not again.reasons
        left = await stored(database, table.document_id)
        assert CANARY.encode() not in left
        assert left.count(b"von Bo") == 2, "once loaded, once in the log"


async def test_x4_a_room_that_has_not_learnt_it_writes_neither_snapshot_nor_projection(
    database: Database,
) -> None:
    async with laid(database) as table:
        ana = await typed(table, CANARY)
        room = table.rooms[ana]
        keeper, document = room._keeper, room.room.document
        state, head = document.state(), keeper.head
        assert ana.connection.person_id is not None
        await erase(table, ana.connection.person_id)
        async with database.write() as tx:
            assert not await documents.save_snapshot(tx, head.id, head.epoch, head.seq, state, NOW)
        async with database.read() as tx:
            assert keeper._listed is not None
            shown = await texts.get(tx, keeper._listed.idea_id)
        assert shown is not None
        assert (shown.epoch, CANARY in shown.plain, CANARY in shown.stems) == (2, False, False)


async def test_x4_a_revert_made_for_the_old_text_does_not_bring_it_back(
    database: Database,
) -> None:
    async with laid(database) as table:
        ana = await typed(table, CANARY)
        assert ana.connection.person_id is not None
        copy = Doc[XmlFragment](client_id=77)
        copy.apply_update(ana.doc.get_update())
        before = copy.get_state()
        again = XmlElement("paragraph", contents=[XmlText(CANARY)])
        copy.get("situation", type=XmlFragment).children.append(again)
        update = copy.get_update(before)
        await erase(table, ana.connection.person_id)
        for _ in range(2):
            with pytest.raises(FrameRefused, match="stale-document"):
                await table.hub.apply_server_update(table.document_id, update, table.author, 1)
        assert CANARY.encode() not in await stored(database, table.document_id)


async def test_x4_nothing_is_pinned_that_was_read_before_the_document_was_rewritten(
    database: Database,
) -> None:
    async with laid(database) as table:
        await typed(table, CANARY)
        services = services_of(table)
        exact = await exact_text(services, table.document_id)
        await erase_past(services, table.document_id)
        async with database.write() as tx:
            await documents.lock_heads(tx, [table.document_id])
            with pytest.raises(Conflict, match="text-version-unknown"):
                await exact.pin(tx, table.document_id, services)


async def test_x3_the_owners_of_client_ids_are_the_same_in_the_new_epoch(
    database: Database,
) -> None:
    async with laid(database) as table:
        ana, bo = await typed(table, CANARY), await typed(table, "von Bo")
        assert ana.connection.person_id is not None
        await erase(table, ana.connection.person_id)
        async with database.read() as tx:
            found = await documents.load(tx, table.document_id)
        assert isinstance(found, documents.Found)
        owners = {ana.connection.person_id, bo.connection.person_id, None}
        assert set(found.owners.values()) == owners
        assert found.head.access_version > 0


class AfterErasure(Table):
    """The same table, at the address of the next epoch."""

    @property
    def address(self) -> DocumentAddress:
        return next_epoch(self)


async def _sits_again(table: Table, person_id: UUID | None) -> Guest:
    there = AfterErasure(table.hub, table.database, table.document_id, table.author, table.rooms)
    return await there.sit(person_id)

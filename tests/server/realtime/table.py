"""A hub over a real database, and guests at its tables whose sockets are lists."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from unittest.mock import Mock
from uuid import UUID, uuid4

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.process.dossier import load_dossier
from collab.sync.address import DocumentAddress
from collab.sync.messages import Acknowledged, Incoming, Outgoing, SyncStep1, SyncStep2, Update
from collab.sync.rooms.session import Participant
from collab.sync.rooms.turns import Received
from server.actions.seeds import seed, store
from server.realtime.hub import Hub
from server.realtime.rooms.client import Client, Frames
from server.realtime.rooms.items import Drained, Leave
from server.realtime.rooms.live_room import LiveRoom
from server.realtime.sockets.connection import Connection
from storage import people
from storage.database import Database
from tests.storage.making import NOW, make_idea, make_person

SECTION = "situation"


class Socket(Connection):
    """A connection that takes frames only while it is not ``stuck``, and keeps its close."""

    def __init__(self, person_id: UUID | None) -> None:
        super().__init__(cast("Any", Mock()), person_id=person_id, session_key=None)
        self.is_stuck = False
        self.closed_with: tuple[int, str] | None = None

    @property
    def is_behind(self) -> bool:
        return self.is_stuck

    def close(self, code: int, reason: str = "") -> None:
        self.closed_with = self.closed_with or (code, reason)


@dataclass(eq=False)
class Guest(Client):
    """A client of a person who writes; what the server tells him is applied to his copy."""

    told: list[Outgoing] = field(default_factory=list)
    doc: Doc[XmlFragment] = field(default_factory=Doc)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    reasons: list[str] = field(default_factory=list)

    def share(self, message: Outgoing, frames: Frames) -> None:
        self.told.append(message)
        if isinstance(message, SyncStep2 | Update):
            self.doc.apply_update(message.update)
        self.news.set()

    def acknowledge(self, frames: int) -> None:
        self.told += [Acknowledged()] * frames
        self.news.set()

    def end(self, reason: str) -> None:
        self.reasons.append(reason)
        self.news.set()
        super().end(reason)

    @property
    def text(self) -> str:
        return str(self.doc.get(SECTION, type=XmlFragment))

    async def until(self, kind: type[Outgoing], count: int = 1) -> None:
        """Wait until the server has said ``kind`` so many times, or ended this guest."""
        async with asyncio.timeout(10):
            while sum(isinstance(each, kind) for each in self.told) < count and not self.reasons:
                self.news.clear()
                await self.news.wait()

    async def until_ended(self) -> str:
        async with asyncio.timeout(10):
            while not self.reasons:
                self.news.clear()
                await self.news.wait()
        return self.reasons[0]


@dataclass(eq=False)
class Table:
    """One document of a running hub."""

    hub: Hub
    database: Database
    document_id: UUID
    author: UUID
    rooms: dict[Guest, LiveRoom] = field(default_factory=dict)

    @property
    def address(self) -> DocumentAddress:
        return DocumentAddress(self.document_id, 1, 1)

    async def sit(self, person_id: UUID | None = None, *, is_synced: bool = True) -> Guest:
        """Seat a person; a new participant unless told who."""
        if person_id is None:
            async with self.database.write() as tx:
                person_id = await make_person(tx)
                await people.add_role(tx, person_id, "participant")
        admitted = await self.hub.admit(self.address, person_id)
        person = Participant(person_id, person_id.hex[:8], "Somebody")
        client = await self.hub.seat(
            admitted,
            participant=person,
            address=str(self.address),
            connection=Socket(person_id),
            is_hocuspocus=True,
            on_end=lambda: None,
            kind=Guest,
        )
        assert isinstance(client, Guest)
        self.rooms[client] = admitted.room
        if is_synced:
            await self.say(client, SyncStep1(b"\x00"))
            await client.until(SyncStep2)
        return client

    async def say(self, guest: Guest, message: Incoming) -> None:
        await self.rooms[guest].inbox.put(Received(guest.session.id, message))

    async def type(self, guest: Guest, text: str) -> None:
        """Send a paragraph as one update."""
        before = guest.doc.get_state()
        with guest.doc.transaction():
            root = guest.doc.get(SECTION, type=XmlFragment)
            root.children.append(XmlElement("paragraph", {}, [XmlText(text)]))
        await self.say(guest, Update(guest.doc.get_update(before)))

    async def has_taken_everything(self) -> bool:
        """No frame waits in a room any more."""
        return not any(len(room.inbox) for room in self.rooms.values())

    def drain(self, guest: Guest) -> None:
        """The guest's socket takes frames again."""
        cast("Socket", guest.connection).is_stuck = False
        self.rooms[guest].inbox.signal(Drained(guest.session.id))

    def leave(self, guest: Guest) -> None:
        self.rooms[guest].inbox.signal(Leave(guest.session.id))


@asynccontextmanager
async def laid(database: Database) -> AsyncIterator[Table]:
    """A running hub with one open idea."""
    document_id = uuid4()
    async with database.write() as tx:
        author = await make_person(tx)
        await people.add_role(tx, author, "participant")
        seeded = seed(load_dossier("need"), "Radweg", {})
        await store(tx, document_id, seeded, NOW)
        await make_idea(
            tx, author, document_id=document_id, kind="need", template_id="need", title="Radweg"
        )
    hub = Hub(database, lambda: NOW)
    await hub.start()
    try:
        yield Table(hub, database, document_id, author)
    finally:
        await hub.stop()


@asynccontextmanager
async def beside(table: Table, database: Database | None = None) -> AsyncIterator[Table]:
    """Another hub over the same document, as a second process would have."""
    database = database or table.database
    hub = Hub(database, lambda: NOW)
    await hub.start()
    try:
        yield Table(hub, database, table.document_id, table.author)
    finally:
        await hub.stop()

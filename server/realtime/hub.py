"""The rooms and connections of this process.

It lets people in, answers for the durable text, and ends everything in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import structlog

from collab.process.version import TextVersion
from collab.sync.address import DocumentAddress
from collab.sync.rooms.session import Participant, Session
from collab.sync.rooms.turns import ServerChange, ServerUpdate
from collab.sync.text import DossierText
from server.realtime.admission import Admissions, Admitted
from server.realtime.crash.inquest import Inquest
from server.realtime.draining import drained, ended
from server.realtime.open_rooms import NotAdmitted, OpenRooms
from server.realtime.polling.ended import close_ended
from server.realtime.polling.heads import follow_log
from server.realtime.polling.watch import Watch
from server.realtime.present import Company, Present
from server.realtime.rooms.client import Client
from server.realtime.rooms.committer import Committer
from server.realtime.rooms.elsewhere.company import Counts
from server.realtime.rooms.elsewhere.written import Written
from server.realtime.rooms.items import Follow, Join, Make, Read, Regrant, Write
from server.realtime.rooms.ledger import SqlLedger
from server.realtime.rooms.loading import stored_text
from server.realtime.rooms.projector import Projector
from server.realtime.sockets.connection import CLOSE_SIGN_IN, Connection
from server.realtime.sockets.open import OpenSockets
from server.realtime.sockets.paces import SharedPaces
from server.services import Services
from storage import ideas
from storage.database import Database

log = structlog.get_logger()

ENTERING_MAX = 64
REGRANT_S = 60.0
"""Rights are read again this often, whatever was announced."""


class Hub:
    """Opens rooms, seats clients, and answers for the durable text."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._committer = Committer(database, clock)
        self._projector = Projector(database, clock, self._tell_text)
        self._rooms = OpenRooms(self._ledger_of, self.spawn)
        self._rooms.on_opened = lambda document: self.on_room_opened(document)
        self._rooms.on_closed = lambda document: self.on_room_closed(document)
        self._rooms.on_written = self._tell_written
        self.company = Company(self._rooms)
        self._inquest = Inquest(database, clock)
        self._admissions = Admissions(database, self.spawn)
        self.sockets = OpenSockets()
        self.paces = SharedPaces()
        self.doorway = asyncio.Semaphore(ENTERING_MAX)
        """Who comes in asks the database several times; many at once wait for each other here."""
        self._session_ids = count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_text: Callable[[str], None] = lambda _ref: None
        self.on_presence: Callable[[], None] = lambda: None
        self.on_ended: Callable[[], None] = lambda: None
        """Told that a sign-in or a token has ended here, so that other nodes look."""
        self.watch = Watch()
        self.on_room_opened: Callable[[UUID], None] = lambda _document: None
        self.on_room_closed: Callable[[UUID], None] = lambda _document: None
        self.on_written: Callable[[UUID, Written], None] = lambda _document, _written: None
        """Each turn that is durable, before anybody here is told of it."""
        self.on_changed: Callable[[UUID], None] = lambda _document: None
        """Told that a document shows something else, whoever has it open."""
        self.is_draining = False

    @property
    def rooms(self) -> OpenRooms:
        """The open rooms of this process."""
        return self._rooms

    # Life.

    async def start(self) -> None:
        self.spawn(self._committer.run(), "committer")
        self.spawn(self._projector.run(), "projector")
        self.spawn(self._regrant_regularly(), "regrant")
        self.spawn(self._close_ended(), "ended")
        self.spawn(follow_log(self._database, self._rooms, self.watch), "follow")

    async def drain(self) -> None:
        """Let every room commit and acknowledge what has arrived, then close the sockets.

        Nobody is heard or let in any more; clients come back to the next process and send again
        what was not acknowledged.
        """
        self.is_draining = True
        await drained(self.sockets, [self.flush(room.document_id) for room in self._rooms])

    async def stop(self) -> None:
        """End all tasks; everything acknowledged is durable already."""
        await self.drain()
        await ended(self._tasks)

    # Seating.

    async def admit(self, address: DocumentAddress, person_id: UUID | None) -> Admitted:
        """Open the room for someone who may read the document.

        Raises:
            NotAdmitted: with the reason: stale, absent, forbidden, suspended, try again.
        """
        if self.is_draining:
            raise NotAdmitted("try-again")
        found = await self._admissions.of(address.document, person_id)
        if not found.grant.read:
            raise NotAdmitted(found.grant.reason or "forbidden")
        room = await self._rooms.open(address.document)
        if (room.head.epoch, room.head.schema) != (address.epoch, address.schema):
            raise NotAdmitted("stale-document")
        return Admitted(room, found.grant, found.access_version, address.epoch)

    async def seat(
        self,
        admitted: Admitted,
        *,
        participant: Participant,
        address: str,
        connection: Connection,
        is_hocuspocus: bool,
        on_end: Callable[[], None],
        kind: type[Client] = Client,
    ) -> Client:
        """Let a client into an open room."""
        session = Session(
            id=next(self._session_ids),
            participant=participant,
            grant=admitted.grant,
            address=address,
            echoes=not is_hocuspocus,
        )
        if admitted.room.is_closed:
            raise NotAdmitted("try-again")
        client = kind(session, connection, is_hocuspocus, on_end)
        await admitted.room.inbox.put(Join(client, admitted.access_version, admitted.epoch))
        if admitted.room.is_closed:  # while we waited for its inbox: nobody will take this up
            raise NotAdmitted("try-again")
        self.on_presence()
        return client

    # What pages and actions ask (server.services.Hub).

    async def text(self, document_id: UUID) -> tuple[DossierText, TextVersion]:
        """The durable text and its version; without opening a room where the projection is new."""
        if self._rooms.get(document_id) is None:
            async with self._database.read() as tx:
                idea = await ideas.by_document(tx, document_id)
                stored = None if idea is None else await stored_text(tx, idea)
            if stored is not None:
                return stored
        return await self._rooms.ask(document_id, lambda answer: Read(answer, flush=False))

    async def flush(self, document_id: UUID) -> None:
        """Commit what is pending and write the projection."""
        await self._rooms.ask(document_id, lambda answer: Read(answer, flush=True))

    @property
    def counts(self) -> Counts:
        """What keeping up with other processes has cost so far."""
        return self._rooms.counts

    def present(self, document_id: UUID) -> Sequence[Present]:
        """Who shows himself in the document, at whatever process."""
        return self.company.of(document_id)

    def presence(self) -> dict[UUID, int]:
        """How many people show themselves in each open document."""
        return dict(self.company.counts())

    async def revoke(self, person_id: UUID) -> None:
        """Close every socket of a person at once, and let the other nodes look at theirs."""
        self.send_away(person_id)
        self.on_ended()

    def send_away(self, person_id: UUID) -> None:
        """Close every socket that the person has at this node."""
        for connection in self.sockets:
            if connection.person_id == person_id:
                connection.close(CLOSE_SIGN_IN, "suspended")
        self._rooms.signal_all(Regrant())

    async def revoke_session(self, session_key: str) -> None:
        """Close the sockets of one sign-in: the person has signed out there."""
        for connection in self.sockets:
            if connection.session_key == session_key:
                connection.close(CLOSE_SIGN_IN, "signed-out")
        self.on_ended()

    async def rights_changed(self) -> None:
        """Judge everybody again: somebody has other roles now."""
        self._rooms.signal_all(Regrant())

    def take_written(self, document_id: UUID, written: Written) -> None:
        """Another process has committed this, as it says; of concern to an open room only."""
        self._rooms.take_written(document_id, written)

    def follow(self, document_id: UUID) -> None:
        """What other processes tell of this document may have been missed: read the log."""
        self._rooms.signal(document_id, Follow())

    async def access_changed(self, document_id: UUID) -> None:
        """Judge again what the document's sessions may do."""
        self._rooms.signal(document_id, Regrant())

    def take_up_late(self, document_id: UUID) -> None:
        """Open the document, in time: what came late may be waiting for its author's rights."""
        self.spawn(self._open_late(document_id), "late")

    async def apply_server_update(
        self,
        document_id: UUID,
        update: bytes,
        actor_id: UUID | None,
        epoch: int | None = None,
        access_version: int | None = None,
    ) -> None:
        """Commit and spread an update that the server makes on behalf of an actor.

        Raises:
            FrameRefused: it does not fit the document as it is now, or its ``epoch`` is over,
                or the rights are others than at its ``access_version``.
        """
        writing = ServerUpdate(update, actor_id, epoch, access_version)
        await self._rooms.ask(document_id, lambda done: Write(writing, done))

    async def apply_server_change(self, document_id: UUID, change: ServerChange) -> int | None:
        """Let ``change`` be made of the text as it is; the seq that has it, ``None`` if none.

        Raises:
            FrameRefused: the guard did not take it, or it was made for another moment.
        """
        return await self._rooms.ask(document_id, lambda done: Make(change, done))

    # Helpers.

    def _ledger_of(self, document_id: UUID) -> SqlLedger:
        parts = (self._database, self._committer, self._projector, self._clock, self._inquest)
        return SqlLedger(document_id, *parts)

    async def _open_late(self, document_id: UUID) -> None:
        """A room takes late text up when it opens; if not now, then for whoever comes next."""
        try:
            await self._rooms.open(document_id)
        except Exception as error:
            log.warning("late text waits", document=str(document_id), reason=str(error))

    def _tell_written(self, document_id: UUID, written: Written) -> None:
        self.on_written(document_id, written)
        self.on_changed(document_id)

    def tell_changed(self, document_id: UUID) -> None:
        """Something beside the text of the document has changed that walls count."""
        self.on_changed(document_id)

    def _tell_text(self, ref: str) -> None:
        self.on_text(ref)

    async def _regrant_regularly(self) -> None:
        while True:
            await asyncio.sleep(REGRANT_S)
            self._rooms.signal_all(Regrant())

    async def _close_ended(self) -> None:
        """Close the sockets of ended sign-ins: regularly, and when another node tells of some."""
        while True:
            await self.watch.ended()
            await close_ended(self._database, self._clock(), self.sockets)

    def spawn(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        """Run something in a task of this hub."""
        task = asyncio.create_task(coroutine, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def hub_of(services: Services) -> Hub:
    """The hub itself, where the sockets need more of it than pages do."""
    assert isinstance(services.hub, Hub)
    return services.hub

"""Simulated server processes: the real rooms over the log in memory. ``Process`` is the hub."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from bench.chaos.judge import Judge
from bench.chaos.machines.ledger import Archive, MemoryLedger
from bench.chaos.machines.sockets import Seat, Socket
from bench.chaos.machines.weather import StorageAway, Weather
from collab.sync.address import DocumentAddress
from collab.sync.protocols import hocuspocus
from collab.sync.rooms.session import Participant, Session
from collab.sync.rooms.turns import ServerUpdate
from server.realtime.open_rooms import NotAdmitted, OpenRooms
from server.realtime.polling.heads import tell_moved
from server.realtime.polling.watch import HEADS_S
from server.realtime.rooms.client import Client
from server.realtime.rooms.elsewhere.written import Written
from server.realtime.rooms.items import Join, Read, Regrant, Write
from server.realtime.rooms.live_room import LiveRoom
from server.realtime.rooms.loading import DocumentAbsent, DocumentUnreadable
from server.realtime.sockets.connection import CLOSE_GOING_AWAY

if TYPE_CHECKING:
    from server.realtime.sockets.connection import Connection

REGRANT_S = 60.0
DRAIN_S = 8.0


@dataclass(eq=False)
class Process:
    """One server process: it serves, it crashes, it is started again."""

    name: str
    archive: Archive
    weather: Weather
    dice: Random
    judge: Judge
    publish: Callable[[Process, UUID, Written], None]
    is_up: bool = False
    is_draining: bool = False
    sockets: dict[Socket, None] = field(default_factory=dict)
    _tasks: dict[asyncio.Task[None], None] = field(default_factory=dict)
    _sessions: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.rooms = self._opened()

    def start(self) -> None:
        self.is_up, self.is_draining = True, False
        self.spawn(self._follow_regularly())
        self.spawn(self._regrant_regularly())

    def crash(self) -> None:
        """Everything in memory is gone at once; what had left before may still arrive."""
        self.is_up = False
        for socket in list(self.sockets):
            socket.is_dead = True
            socket.line.cut(client_after_s=self.dice.expovariate(2), server_after_s=0)
        for task in list(self._tasks):
            task.cancel()
        self._tasks.clear()
        self.rooms = self._opened()
        self.sockets = {}

    async def stop(self) -> None:
        """Leave in order: commit and acknowledge what has arrived, then close the sockets."""
        self.is_draining = True
        pending = [self._flush(room) for room in self.rooms]
        try:
            async with asyncio.timeout(DRAIN_S):
                await asyncio.gather(*pending, return_exceptions=True)
        except TimeoutError:
            pass
        for socket in list(self.sockets):
            socket.close(CLOSE_GOING_AWAY, "restarting")
            socket.is_dead = True
        for task in list(self._tasks):
            task.cancel()
        self._tasks.clear()
        self.rooms = self._opened()
        self.sockets = {}
        self.is_up = False

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    async def sit_down(self, socket: Socket, address: str) -> Seat:
        """Seat a socket's person in the document that an address names; as the hub does."""
        document = DocumentAddress.parse(hocuspocus.document_name(address))
        if self.is_draining:
            raise NotAdmitted("try-again")
        try:
            ledger = self.ledger(document.document)
            standing = await ledger.standing([socket.person_id])
            room = await self.rooms.open(document.document)
        except DocumentAbsent:
            raise NotAdmitted("absent-document") from None
        except DocumentUnreadable:
            raise NotAdmitted("unreadable-document") from None
        if (room.head.epoch, room.head.schema) != (document.epoch, document.schema):
            raise NotAdmitted("stale-document")
        session = Session(
            id=next(self._sessions),
            participant=Participant(socket.person_id, socket.name, socket.name),
            grant=standing.grants[socket.person_id],
            address=address,
            echoes=not socket.is_hocuspocus,
        )
        if room.is_closed:
            raise NotAdmitted("try-again")
        connection = cast("Connection", socket)
        client = Client(session, connection, socket.is_hocuspocus, lambda: socket.forget(address))
        seat = Seat(room, client, (document.document, document.epoch))
        socket.seats[address] = seat
        await room.inbox.put(Join(client, standing.access_version, document.epoch))
        return seat

    def ledger(self, document_id: UUID) -> MemoryLedger:
        return MemoryLedger(document_id, self.archive, self.weather)

    def regrant(self, document_id: UUID) -> None:
        """Rights in a document have changed."""
        self.rooms.signal(document_id, Regrant())

    async def write(self, document_id: UUID, update: ServerUpdate) -> None:
        """The server itself writes; raises what the room says."""
        await self.rooms.ask(document_id, lambda done: Write(update, done))

    def _opened(self) -> OpenRooms:
        """No rooms yet."""
        rooms = OpenRooms(self.ledger, self._spawn_named)
        rooms.on_written = lambda document, written: self.publish(self, document, written)
        return rooms

    def _spawn_named(self, coroutine: Coroutine[Any, Any, None], _name: str) -> None:
        self.spawn(coroutine)

    async def _flush(self, room: LiveRoom) -> None:
        await self.rooms.ask(room.document_id, lambda answer: Read(answer, flush=True))

    async def _regrant_regularly(self) -> None:
        while True:
            await asyncio.sleep(REGRANT_S)
            self.rooms.signal_all(Regrant())

    async def _follow_regularly(self) -> None:
        """As ``server.realtime.polling.heads`` does."""
        while True:
            await asyncio.sleep(HEADS_S)
            opened = list(self.rooms)
            try:
                await self.weather.pass_by()
            except StorageAway:
                continue
            tell_moved(opened, self.archive.log.heads([room.document_id for room in opened]))

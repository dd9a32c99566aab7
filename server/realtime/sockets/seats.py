"""What the sockets of both protocols share: seats by address, and one reader and one writer.

The reader hands frames to the room in order and waits while the room's inbox is full. Frames are
parsed here, so a malformed one never reaches a room.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from starlette.websockets import WebSocket

from collab.process.actors import Actor
from collab.sync.address import DocumentAddress
from collab.sync.messages import Incoming, SyncStep1
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.rooms.session import Participant
from collab.sync.rooms.turns import Received
from server.realtime.hub import Hub, NotAdmitted
from server.realtime.rooms.client import Client
from server.realtime.rooms.items import Drained, Leave
from server.realtime.rooms.live_room import LiveRoom
from server.realtime.rooms.loading import DocumentAbsent, DocumentUnreadable
from server.realtime.sockets.connection import CLOSE_MALFORMED, CLOSE_TOO_BIG, Connection, Pace
from server.services import Services

log = structlog.get_logger()

FRAME_BYTES_MAX = 1_048_576
FLUSH_S_MAX = 5.0
SYNCS_PER_S = 2.0
SYNCS_BURST = 64.0
"""How often one socket may ask for a whole text; a reconnect asks once for each document."""
ENDED_MAX = 64


@dataclass(eq=False, slots=True)
class Seat:
    """A client in a room, and what it takes to leave it."""

    room: LiveRoom
    client: Client
    syncs: Pace
    """The socket's requests for whole texts."""

    def leave(self) -> None:
        self.room.inbox.signal(Leave(self.client.session.id))

    async def hand_in(self, message: Incoming) -> None:
        """Give a message to the room; waits while its inbox is full.

        A step 1 of three bytes asks for a whole document, so it also waits until what was sent
        before has been taken.
        """
        if isinstance(message, SyncStep1):
            await self.syncs.spend(0)
            await self.client.connection.caught_up()
        await self.room.inbox.put(Received(self.client.session.id, message))

    def drained(self) -> None:
        self.room.inbox.signal(Drained(self.client.session.id))


@dataclass(eq=False)
class CollabSocket:
    """What both protocols share: seats by address, and the way into a room."""

    services: Services
    hub: Hub
    connection: Connection
    actor: Actor
    seats: dict[str, Seat] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    """Addresses the server has ended here; what is still on its way for them is passed over."""
    syncs: Pace = field(default_factory=lambda: Pace(SYNCS_PER_S, SYNCS_BURST))

    async def sit_down(self, address: str, name: str, *, is_hocuspocus: bool) -> None:
        """Seat this client in the document called ``name``.

        Raises:
            NotAdmitted: with a reason for the client.
        """
        try:
            document = DocumentAddress.parse(name)
            admitted = await self.hub.admit(document, self.actor.person_id)
        except (ValueError, FrameRefused, DocumentAbsent) as error:
            raise NotAdmitted("absent-document") from error
        except DocumentUnreadable as error:
            raise NotAdmitted("unreadable-document") from error
        client = await self.hub.seat(
            admitted,
            participant=_participant_of(self.actor),
            address=address,
            connection=self.connection,
            is_hocuspocus=is_hocuspocus,
            on_end=lambda: self.note_ended(address),
        )
        self.ended.discard(address)
        seat = Seat(admitted.room, client, self.syncs)
        self.seats[address] = seat
        self.connection.on_drained.append(seat.drained)

    def stand_up(self, address: str) -> None:
        """Leave one document."""
        seat = self.seats.get(address)
        if seat is not None:
            seat.leave()
            self._forget(address)

    def leave(self) -> None:
        """Leave every document: the socket has closed."""
        for address in list(self.seats):
            self.stand_up(address)
        self.hub.on_presence()

    def note_ended(self, address: str) -> None:
        """The server has ended this document here."""
        if len(self.ended) < ENDED_MAX:
            self.ended.add(address)
        self._forget(address)

    def _forget(self, address: str) -> None:
        seat = self.seats.pop(address, None)
        if seat is not None:
            self.connection.on_drained.remove(seat.drained)


def _participant_of(actor: Actor) -> Participant:
    """The actor as the others in a room see him."""
    return Participant(actor.person_id, actor.handle, actor.name)


async def frames_of(websocket: WebSocket) -> AsyncIterator[bytes]:
    """The binary frames of a socket, at a bounded pace, until the peer goes.

    Raises:
        FrameRefused: a text frame, or one that is too big.
    """
    pace = Pace()
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        frame = message.get("bytes")
        if frame is None:
            raise FrameRefused(RefusalReason.MALFORMED, "a text frame")
        if len(frame) > FRAME_BYTES_MAX:
            raise FrameRefused(RefusalReason.TOO_BIG, f"a frame of {len(frame)} bytes")
        yield frame
        await pace.spend(len(frame))


async def run(socket: CollabSocket, read: Callable[[], Awaitable[None]]) -> None:
    """Serve a collaboration socket and let its seats go at the end."""
    socket.hub.register(socket.connection)
    try:
        await run_connection(socket.connection, read)
    finally:
        socket.leave()
        socket.hub.unregister(socket.connection)


async def run_connection(connection: Connection, read: Callable[[], Awaitable[None]]) -> None:
    """Serve a connection: ``read`` takes its frames while a writer sends, until either ends."""
    writer = asyncio.create_task(connection.write())
    reader = asyncio.create_task(_read(connection, read))
    try:
        await asyncio.wait({reader, writer}, return_when=asyncio.FIRST_COMPLETED)
        if connection.is_closing:
            await asyncio.wait({writer}, timeout=FLUSH_S_MAX)
    finally:
        for task in (reader, writer):
            task.cancel()
        ends = await asyncio.gather(reader, writer, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            log.error("socket failed", exc_info=end)


async def _read(connection: Connection, read: Callable[[], Awaitable[None]]) -> None:
    """Read until the peer goes; nonsense closes this socket and harms nobody else."""
    try:
        await read()
    except FrameRefused as refusal:
        too_big = refusal.reason is RefusalReason.TOO_BIG
        code = CLOSE_TOO_BIG if too_big else CLOSE_MALFORMED
        connection.close(code, refusal.reason.value)

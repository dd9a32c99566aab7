"""The server's end of a simulated connection: what rooms use of it, and how it is read.

``Socket`` stands for the transport and for the endpoints of both protocols.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from bench.chaos.machines.network import Farewell, Line, Parcel
from bench.chaos.machines.weather import StorageAway
from bench.chaos.people import wire
from collab.sync.messages import (
    Acknowledged,
    Authenticate,
    Changes,
    Detach,
    Incoming,
    Outgoing,
    PermissionDenied,
    Refused,
    SyncStep1,
)
from collab.sync.protocols import hocuspocus, ywebsocket
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.rooms.turns import Received
from server.network.framing import next_frame
from server.network.holds import BEHIND, QUESTION
from server.network.wire import BEHIND_S_MAX
from server.realtime.open_rooms import NotAdmitted
from server.realtime.rooms.client import CLOSE_CODES, RETRIED, Client
from server.realtime.rooms.items import Drained, Leave
from server.realtime.rooms.live_room import LiveRoom
from server.realtime.sockets.connection import CLOSE_REFUSED, CLOSE_TRY_AGAIN_LATER

if TYPE_CHECKING:
    from bench.chaos.machines.servers import Process

CLOSE_FAILED = 1011

BARRED = frozenset({RefusalReason.MUTED, RefusalReason.READ_ONLY})
FOLLOWS_BARRED = frozenset({RefusalReason.GAP, RefusalReason.DANGLING})


@dataclass(eq=False)
class Seat:
    """A client in a room, and the frames of it that are still to be answered."""

    room: LiveRoom
    client: Client
    key: tuple[UUID, int]
    pending: list[bytes] = field(default_factory=list)
    was_barred: bool = False


class SocketWire:
    """What lies below a connection: framed bytes, and reasons not to read."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self.hold = socket.hold
        self.release = socket.release

    @property
    def is_behind(self) -> bool:
        return self._socket.is_behind

    def send(self, frames: bytes) -> None:
        """WebSocket frames, one behind the other."""
        at = 0
        while (frame := next_frame(frames, at)) is not None:
            self._socket.send(frames[frame.start : frame.end])
            at = frame.end
        assert at == len(frames), "frames are sent whole"


class Socket:
    """The server's end of a connection: the transport's interface, and the endpoint's reading."""

    def __init__(
        self, process: Process, line: Line, person_id: UUID | None, name: str, slack: int
    ) -> None:
        self.line = line
        self.person_id = person_id
        self.name = name
        self.seats: dict[str, Seat] = {}
        self.is_dead = False
        self.is_hocuspocus = False
        self._process = process
        self._slack = slack
        self._frames: deque[bytes] = deque()
        self._woken = asyncio.Event()
        self._holds = 0
        self.wire = SocketWire(self)
        self._is_lost = False
        self._was_behind = False
        line.to_client.on_flowing = self._flowing

    # What rooms and clients use of a connection.

    @property
    def is_closing(self) -> bool:
        return self.is_dead or self._is_lost

    @property
    def is_behind(self) -> bool:
        channel = self.line.to_client
        behind = channel.is_held and channel.waiting >= self._slack
        if behind and not self._was_behind:
            self._was_behind = True
            self.hold(BEHIND)
            asyncio.get_running_loop().call_later(BEHIND_S_MAX, self._give_up)
        return behind

    def hold(self, reason: int) -> None:
        """Read nothing more until this reason is gone."""
        self._holds |= reason

    def release(self, reason: int) -> None:
        self._holds &= ~reason
        self._woken.set()

    def send(self, data: bytes) -> None:
        if self.is_closing:
            return
        address, message = wire.heard(data, is_hocuspocus=self.is_hocuspocus)
        seat = self._seat(address)
        if seat is not None:
            self._check(seat, message)
        self.line.to_client.put(data)

    def close(self, code: int, reason: str = "") -> None:
        if not self.is_closing:
            self.line.to_client.put(Farewell(code, reason))
            self.take(Farewell(code, reason))

    # What the network brings.

    def take(self, parcel: Parcel) -> None:
        """Something has arrived, or the connection is gone."""
        if isinstance(parcel, Farewell):
            self._is_lost = True
        else:
            self._frames.append(parcel)
        self._woken.set()

    async def serve(self, address: str | None) -> None:
        """Serve one client; with an address it speaks the y-websocket protocol."""
        self.is_hocuspocus = address is None
        self._process.sockets[self] = None
        try:
            if address is not None and not await self._seated(address):
                return
            while (data := await self._next()) is not None:
                if self.is_hocuspocus:
                    await self._take(*hocuspocus.parse(data))
                else:
                    assert address is not None
                    await self._hand_in(address, ywebsocket.parse(data))
        except StorageAway:
            self.close(CLOSE_FAILED, "failed")
        except FrameRefused as refusal:
            self._process.judge.object_to(f"{self.name} sent what is no frame: {refusal}")
        finally:
            self._leave()
            self._process.sockets.pop(self, None)

    def forget(self, address: str) -> None:
        """The server has ended this document here."""
        self.seats.pop(address, None)
        self.release(QUESTION)

    # Inside.

    async def _next(self) -> bytes | None:
        while not self._frames or self._holds:
            if self.is_closing:
                return None
            self._woken.clear()
            await self._woken.wait()
        return None if self.is_closing else self._frames.popleft()

    async def _take(self, address: str, message: Incoming) -> None:
        if isinstance(message, Detach):
            self._stand_up(address)
        elif isinstance(message, Authenticate):
            if address not in self.seats:
                await self._seated(address)
        elif address in self.seats:
            await self._hand_in(address, message)

    async def _seated(self, address: str) -> bool:
        try:
            await self._process.sit_down(self, address)
        except NotAdmitted as refusal:
            reason = refusal.reason
            if reason in RETRIED:
                self.close(CLOSE_TRY_AGAIN_LATER, reason)
            elif self.is_hocuspocus:
                self.forget(address)
                self.send(hocuspocus.encode(address, PermissionDenied(reason)))
            else:
                self.close(CLOSE_CODES.get(reason, CLOSE_REFUSED), reason)
            return False
        return True

    async def _hand_in(self, address: str, message: Incoming) -> None:
        seat = self.seats.get(address)
        if seat is None:
            return
        if isinstance(message, SyncStep1):
            self.hold(QUESTION)
        if isinstance(message, Changes):
            seat.pending.append(message.update)
        await seat.room.inbox.put(Received(seat.client.session.id, message))

    def _seat(self, address: str | None) -> Seat | None:
        if address is not None:
            return self.seats.get(address)
        return next(iter(self.seats.values()), None)

    def _check(self, seat: Seat, message: Outgoing) -> None:
        """Nobody is told more than is durable, and no honest client is refused."""
        judge, whom = self._process.judge, self.name
        judge.told(seat.key, whom, message)
        if isinstance(message, Acknowledged):
            judge.answered(seat.key, whom, seat.pending, is_taken=True)
        if isinstance(message, Refused):
            judge.answered(seat.key, whom, seat.pending, is_taken=False)
            if message.reason in BARRED and self._may_be_barred(seat):
                seat.was_barred = True
            elif not (message.reason in FOLLOWS_BARRED and seat.was_barred):
                judge.object_to(f"{whom} is refused: {message.reason.value}")

    def _may_be_barred(self, seat: Seat) -> bool:
        """A guest may not write, and who was muted once may have typed at that moment."""
        barred = self._process.archive.ever_muted
        return self.person_id is None or (seat.key[0], self.person_id) in barred

    def _flowing(self) -> None:
        self.release(BEHIND)
        if self._was_behind:
            self._was_behind = False
            for seat in self.seats.values():
                seat.room.inbox.signal(Drained(seat.client.session.id))

    def _give_up(self) -> None:
        if self._was_behind:
            self.close(CLOSE_TRY_AGAIN_LATER, "fell behind")

    def _stand_up(self, address: str) -> None:
        seat = self.seats.pop(address, None)
        if seat is not None:
            seat.room.inbox.signal(Leave(seat.client.session.id))

    def _leave(self) -> None:
        for address in list(self.seats):
            self._stand_up(address)

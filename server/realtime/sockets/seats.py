"""What the sockets of both protocols share: seats by address, and a bounded pace.

Frames are parsed here, so a malformed one never reaches a room. A socket is not read on while a
room's inbox is full, while its peer is too fast, does not take what he is sent, or waits for the
answer to a question for a whole text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import structlog

from collab.process.actors import Actor
from collab.sync.address import DocumentAddress
from collab.sync.messages import Awareness, Changes, Incoming, SyncStep1
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.rooms.session import Participant
from collab.sync.rooms.turns import Received
from server.monitoring.metrics.hot import TALLY
from server.monitoring.metrics.rooms import refused
from server.network.holds import QUESTION, ROOM
from server.network.pace import Bucket
from server.realtime.hub import Hub
from server.realtime.open_rooms import NotAdmitted
from server.realtime.rooms.client import Client
from server.realtime.rooms.items import Drained, Leave
from server.realtime.rooms.live_room import LiveRoom
from server.realtime.rooms.loading import DocumentAbsent, DocumentUnreadable
from server.realtime.sockets.connection import (
    CLOSE_MALFORMED,
    CLOSE_TOO_BIG,
    CLOSE_TRY_AGAIN_LATER,
    Connection,
)
from server.realtime.sockets.paces import Brake, SharedPace, message_pace
from server.services import Services
from storage.database import StorageUnavailable

log = structlog.get_logger()

SYNCS_PER_S = 2.0
SYNCS_BURST = 64.0
"""How often one socket may ask for a whole text; a reconnect asks once for each document."""
ENDED_MAX = 64


@dataclass(eq=False, slots=True)
class Seat:
    """A client in a room, and what it takes to leave it."""

    room: LiveRoom
    client: Client
    syncs: Bucket
    """The socket's requests for whole texts."""
    brake: Brake

    def leave(self) -> None:
        self.room.inbox.signal(Leave(self.client.session.id))

    def hand_in(self, message: Incoming) -> None:
        """Give a message to the room; the wire is held while that has too much to do.

        A step 1 of three bytes asks for a whole document, so nothing more is read before it was
        answered.
        """
        wire = self.client.connection.wire
        if isinstance(message, SyncStep1):
            wire.hold(QUESTION)
            self.brake.hold_for(self.syncs.spend(1, _now()))
        elif isinstance(message, Changes):
            self.client.note_waiting()
        elif isinstance(message, Awareness):
            TALLY.presence += 1
        inbox = self.room.inbox
        inbox.signal(Received(self.client.session.id, message))
        if inbox.is_full:
            wire.hold(ROOM)
            inbox.when_taken(wire.release, ROOM)

    def drained(self) -> None:
        self.room.inbox.signal(Drained(self.client.session.id))


class CollabSocket:
    """Seats by address, and the way into a room; each protocol takes frames apart its own way."""

    def __init__(self, services: Services, hub: Hub, connection: Connection, actor: Actor) -> None:
        self.services = services
        self.hub = hub
        self.connection = connection
        self.actor = actor
        self.seats: dict[str, Seat] = {}
        self.is_lost = False
        self.ended: set[str] = set()
        """Addresses the server has ended here; what is still on its way for them is passed over."""
        now = _now()
        self._pace = message_pace(now)
        self._shared: SharedPace | None = None
        self._brake = Brake(connection.wire)
        self._syncs = Bucket(SYNCS_PER_S, SYNCS_BURST, now)

    def take(self, frame: bytes) -> None:
        """Take one frame of this protocol; raises ``FrameRefused``."""
        raise AssertionError("each protocol has its own")

    # Life.

    def begin(self) -> None:
        """Hear the peer from now on."""
        self.connection.begin(self._receive, self._lost)

    def _receive(self, message: bytes | str) -> None:
        """Take one message; nonsense closes this socket and harms nobody else."""
        try:
            if isinstance(message, str):
                raise FrameRefused(RefusalReason.MALFORMED, "a text frame")
            TALLY.messages += 1
            self._spend(len(message), _now())
            self.take(message)
        except FrameRefused as refusal:
            refused(refusal.reason)
            too_big = refusal.reason is RefusalReason.TOO_BIG
            code = CLOSE_TOO_BIG if too_big else CLOSE_MALFORMED
            self.connection.close(code, refusal.reason.value)

    def _spend(self, size: int, now: float) -> None:
        """Account for a message, to this socket and to its person."""
        debt_s = self._pace.spend(size, now)
        if self._shared is None and self.actor.person_id is not None:
            self._shared = self.hub.paces.of(self.actor.person_id, now)
        if self._shared is not None:
            debt_s = max(debt_s, self._shared.spend(size, now))
        self._brake.hold_for(debt_s)

    def _lost(self) -> None:
        self.is_lost = True
        for address in list(self.seats):
            self.stand_up(address)
        self.hub.sockets.discard(self.connection)
        self.hub.on_presence()

    def do_meanwhile(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that takes its time; nothing is read until it is done."""
        self.connection.pause()
        self.hub.spawn(self._finish(work), "socket")

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            self.fail(error)
        finally:
            self.connection.resume()

    def fail(self, error: Exception) -> None:
        """Something of ours does not work: the peer shall come again."""
        log.error("socket failed", connection=self.connection.name, exc_info=error)
        self.connection.close(CLOSE_TRY_AGAIN_LATER, "try-again")

    # Seats.

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
        except StorageUnavailable as error:
            raise NotAdmitted("try-again") from error
        client = await self.hub.seat(
            admitted,
            participant=_participant_of(self.actor),
            address=address,
            connection=self.connection,
            is_hocuspocus=is_hocuspocus,
            on_end=lambda: self.note_ended(address),
        )
        if self.is_lost:  # he went while we looked him up
            admitted.room.inbox.signal(Leave(client.session.id))
            return
        self.ended.discard(address)
        seat = Seat(admitted.room, client, self._syncs, self._brake)
        self.seats[address] = seat
        self.connection.on_drained.append(seat.drained)

    def stand_up(self, address: str) -> None:
        """Leave one document."""
        seat = self.seats.get(address)
        if seat is not None:
            seat.leave()
            self._forget(address)

    def note_ended(self, address: str) -> None:
        """The server has ended this document here."""
        if len(self.ended) < ENDED_MAX:
            self.ended.add(address)
        self._forget(address)

    def _forget(self, address: str) -> None:
        seat = self.seats.pop(address, None)
        if seat is not None:
            self.connection.on_drained.remove(seat.drained)
            self.connection.wire.release(QUESTION)


def _participant_of(actor: Actor) -> Participant:
    """The actor as the others in a room see him."""
    return Participant(actor.person_id, actor.handle, actor.name)


def _now() -> float:
    return asyncio.get_running_loop().time()

"""A session of a room together with the connection that carries it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from time import perf_counter

from collab.sync.messages import Acknowledged, Ended, Outgoing, PermissionDenied, Refused
from collab.sync.protocols import hocuspocus, ywebsocket
from collab.sync.rooms.session import Session
from server.monitoring.metrics.hot import ACKNOWLEDGEMENTS, TALLY
from server.monitoring.metrics.rooms import refused
from server.network.framing import framed
from server.network.holds import QUESTION
from server.network.wire import Wire
from server.realtime.sockets.connection import (
    CLOSE_ABSENT,
    CLOSE_FORBIDDEN,
    CLOSE_REFUSED,
    CLOSE_SIGN_IN,
    CLOSE_STALE,
    CLOSE_TRY_AGAIN_LATER,
    Connection,
)

CLOSE_CODES = {
    "stale-document": CLOSE_STALE,
    "absent-document": CLOSE_ABSENT,
    "unreadable-document": CLOSE_TRY_AGAIN_LATER,
    "forbidden": CLOSE_FORBIDDEN,
    "sign-in": CLOSE_SIGN_IN,
    "suspended": CLOSE_SIGN_IN,
    "room-full": CLOSE_TRY_AGAIN_LATER,
    "try-again": CLOSE_TRY_AGAIN_LATER,
}
"""How a socket of the y-websocket protocol is closed; every other reason is a refusal."""

RETRIED = frozenset({"try-again", "room-full", "unreadable-document"})
"""Reasons after which a client should come back by itself."""

Frames = dict[str | None, bytes]
"""A message as bytes, by spelling; empty where a protocol has no word for it."""


@dataclass(slots=True, eq=False)
class Client:
    """Sends what its session is to hear, in its own protocol.

    While the connection is behind, changes are left out and ``behind_seq`` remembers the last
    one the client has; when the connection has drained, the room sends one update with the rest.
    """

    session: Session
    connection: Connection
    is_hocuspocus: bool
    on_end: Callable[[], None]
    behind_seq: int | None = None
    spelling: str | None = field(init=False)
    """Clients of the same spelling get the same bytes."""

    wire: Wire = field(init=False)
    waiting_since: float = 0.0
    """When the oldest frame came that has no answer yet (0.0: none waits)."""

    def __post_init__(self) -> None:
        self.spelling = self.session.address if self.is_hocuspocus else None
        self.wire = self.connection.wire

    def send(self, message: Outgoing) -> None:
        """Send a message that is for this client alone."""
        if isinstance(message, Refused):
            self.waiting_since = 0.0
            refused(message.reason)
        self.share(message, {})

    def share(self, message: Outgoing, frames: Frames) -> None:
        """Send a message that others get too; ``frames`` keeps what is encoded already."""
        frame = frames.get(self.spelling)
        if frame is None:
            encoded = self._encode(message)
            frame = frames[self.spelling] = b"" if encoded is None else framed(encoded)
        if frame:
            self.wire.send(frame)

    def note_waiting(self) -> None:
        """A frame has come that wants an answer."""
        if not self.waiting_since:
            self.waiting_since = perf_counter()

    def acknowledge(self, frames: int) -> None:
        """So many frames are durable; y-websocket has no word for it but the echo."""
        TALLY.acknowledged += frames
        if self.waiting_since:
            ACKNOWLEDGEMENTS.note(perf_counter() - self.waiting_since)
            self.waiting_since = 0.0
        if self.is_hocuspocus:
            self.wire.send(_acknowledgement(self.session.address) * frames)

    def answered(self) -> None:
        """The question for the text is answered: the peer may go on."""
        self.wire.release(QUESTION)

    def _encode(self, message: Outgoing) -> bytes | None:
        if self.is_hocuspocus:
            return hocuspocus.encode(self.session.address, message)
        return ywebsocket.encode(message)

    def end(self, reason: str) -> None:
        """Tell the client why it is out, and let go of it."""
        if not self.is_hocuspocus:
            self.connection.close(CLOSE_CODES.get(reason, CLOSE_REFUSED), reason)
        elif reason in RETRIED:
            # The provider comes back by itself only when the whole socket closes.
            self.connection.close(CLOSE_TRY_AGAIN_LATER, reason)
        else:
            self.send(PermissionDenied(reason) if reason in CLOSE_CODES else Ended(reason))
        self.on_end()


@lru_cache(maxsize=4_096)
def _acknowledgement(address: str) -> bytes:
    """The frame that acknowledges one frame of a hocuspocus client."""
    return framed(hocuspocus.encode(address, Acknowledged()))

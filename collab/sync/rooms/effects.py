"""What a room asks its hub to do. The room decides, the hub acts."""

from __future__ import annotations

from dataclasses import dataclass

from collab.sync.messages import Outgoing
from collab.sync.rooms.session import SessionId


@dataclass(frozen=True, slots=True)
class Send:
    """One message to one session."""

    session: SessionId
    message: Outgoing


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """So many frames of a session are durable; each is acknowledged by itself."""

    session: SessionId
    frames: int


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to all sessions that have asked the same; it must not be left out."""

    sessions: tuple[SessionId, ...]
    message: Outgoing


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message, encoded once, to several sessions; who is behind gets it made up for."""

    sessions: tuple[SessionId, ...]
    message: Outgoing


@dataclass(frozen=True, slots=True)
class End:
    """Take a session out of the room; ``reason`` is a code that the client is told."""

    session: SessionId
    reason: str


Effect = Send | Acknowledge | Reply | Broadcast | End

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
class Broadcast:
    """One message, encoded once, to several sessions."""

    sessions: tuple[SessionId, ...]
    message: Outgoing


@dataclass(frozen=True, slots=True)
class End:
    """Take a session out of the room; ``reason`` is a code that the client is told."""

    session: SessionId
    reason: str


Effect = Send | Broadcast | End

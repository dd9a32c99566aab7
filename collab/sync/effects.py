"""What a room asks its hub to do. The room decides, the hub acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from collab.sync.messages import Outgoing
from collab.sync.session import SessionId


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


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one actor adds to the document in one turn: a row of the log.

    ``clients`` lists the clock ranges ``(client, from, to)`` that the update inserts.
    ``actor`` is ``None`` for the server itself.
    """

    actor: UUID | None
    update: bytes
    clients: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """The outcome of a turn of writing.

    ``contributions`` must be committed, with ``claims`` (client id → its actor), before any of
    ``effects`` is performed; without contributions the effects may be performed at once.
    """

    contributions: tuple[Contribution, ...] = ()
    claims: Mapping[int, UUID | None] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()

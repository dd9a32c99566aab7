"""One client in one room, and what it may do there now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

SessionId = int

SESSIONS_MAX = 2_000
GUESTS_MAX = 1_000  # or strangers could keep everybody else out


@dataclass(frozen=True, slots=True)
class Grant:
    """What an actor may do in a document; ``reason`` says why he may not write.

    ``late``: he might write until the stage changed, so what he still sends is kept for him.
    """

    read: bool
    write: bool
    reason: str | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Participant:
    """Who sits behind a session, as others see him; ``person_id`` is ``None`` for guests."""

    person_id: UUID | None
    handle: str
    name: str


@dataclass(slots=True)
class Session:
    """A client in a room. The grant is read at every frame, so a change holds at once.

    ``address`` is the document's name as this client spells it; answers repeat it.
    ``echoes`` tells that this client takes the echo of its update for the acknowledgement.
    ``is_synced`` becomes true when the client has been sent the whole document.
    """

    id: SessionId
    participant: Participant
    grant: Grant
    address: str
    echoes: bool
    is_synced: bool = False


def is_full_for(one: Participant, sessions: Iterable[Session]) -> bool:
    """Whether a room with these sessions has no place for somebody more."""
    others = [session.participant.person_id for session in sessions]
    return len(others) >= SESSIONS_MAX or (
        one.person_id is None and others.count(None) >= GUESTS_MAX
    )

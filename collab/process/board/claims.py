"""Claiming an idea: one person looks after it for a while, so that two do not do the same work.

A claim is no lock: whoever may act, acts. It says who is at it, and ends by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from collab.errors import Conflict
from collab.typed import checked

CLAIM_FOR = timedelta(hours=24)
NOTE_CHARS_MAX = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A claim that is not over, and by what name its holder is told to others."""

    person_id: UUID
    name: str
    until: datetime


def require_free(held: Held | None, actor: UUID) -> None:
    """Raise Conflict, naming the holder, unless the idea is free or the actor's own (rule B4)."""
    if held is not None and held.person_id != actor:
        raise _taken(held)


def require_seen(held: Held | None, seen: UUID | None, actor: UUID) -> None:
    """Raise Conflict unless the claim to be taken over is still the one that was seen.

    Who takes over takes from somebody: if another was quicker, that one is told to him.
    """
    if held is not None and held.person_id not in {seen, actor}:
        raise _taken(held)


def check_note(note: str) -> str:
    """What is said about taking a claim over, as it is stored; empty or too long is Invalid."""
    return checked(note, "note", NOTE_CHARS_MAX)


def _taken(held: Held) -> Conflict:
    winner = {
        "person_id": str(held.person_id),
        "name": held.name,
        "until": held.until.isoformat(),
    }
    return Conflict("already-claimed", winner=winner)

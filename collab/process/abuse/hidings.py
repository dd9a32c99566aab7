"""What was hidden of somebody: the statement of reasons, and the one appeal against it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.errors import Conflict, NotAllowed
from collab.typed import checked

APPEAL_WITHIN: Final = timedelta(days=184)
"""Six months, whichever they are."""

APPEAL_CHARS_MAX: Final = 2000


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    GRANTED = "granted"
    REJECTED = "rejected"


def check_appeal(words: str) -> str:
    """What the author answers, as it is stored; raises Invalid if empty or too long."""
    return checked(words, "words", APPEAL_CHARS_MAX)


def require_appealable(
    *, hidden_at: datetime, is_hidden: bool, appealed: bool, now: datetime
) -> None:
    """Raise Conflict unless an appeal may be made now: once, while hidden, within six months."""
    if not is_hidden:
        raise Conflict("not-hidden")
    if appealed:
        raise Conflict("already-appealed")
    if is_over(hidden_at, now):
        raise Conflict("appeal-over")


def is_over(hidden_at: datetime, now: datetime) -> bool:
    """Whether the time for an appeal has passed."""
    return now > hidden_at + APPEAL_WITHIN


def require_other(decider: UUID, *, hidden_by: UUID, author: UUID) -> None:
    """An appeal is decided by somebody else than who hid, and never by its author.

    Raises:
        NotAllowed: (own-content, own-decision) another moderator, or the office, must decide.
    """
    if decider == author:
        raise NotAllowed("own-content")
    if decider == hidden_by:
        raise NotAllowed("own-decision")

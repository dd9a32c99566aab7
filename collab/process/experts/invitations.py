"""Asking somebody who knows. Who is asked says yes or no, or the question lapses.

A yes appoints to nothing: it gives no role and no right, and no gate counts it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.errors import Conflict
from collab.typed import checked, fault_of, refuse, tidied

NOTE_CHARS_MAX: Final = 1000
QUESTION_CHARS_MAX: Final = 500
ANSWER_CHARS_MAX: Final = 500

OPEN_PER_IDEA_MAX: Final = 10
OPEN_PER_PERSON_MAX: Final = 5
LAPSES_AFTER: Final = timedelta(days=14)
RESTS_FOR: Final = timedelta(days=30)
"""Who declined is left in peace at this idea for so long, and who let it lapse as well."""


class InvitationState(StrEnum):
    """Where an invitation stands; only an open one moves."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


RESTING: Final = frozenset({InvitationState.DECLINED, InvitationState.LAPSED})


class InvitationAnswer(StrEnum):
    """What the person who is asked says."""

    ACCEPT = "accept"
    DECLINE = "decline"


AFTER: Final = {
    InvitationAnswer.ACCEPT: InvitationState.ACCEPTED,
    InvitationAnswer.DECLINE: InvitationState.DECLINED,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation at the idea, as the rules see it; ``at`` is when it came to its state."""

    person_id: UUID
    state: InvitationState
    at: datetime


def left_in_peace(invitations: Iterable[Asked], now: datetime) -> frozenset[UUID]:
    """Who is not asked again at this idea for now."""
    return frozenset(
        each.person_id
        for each in invitations
        if each.state in {InvitationState.OPEN, InvitationState.ACCEPTED}
        or (each.state in RESTING and now < each.at + RESTS_FOR)
    )


def check_invitation(
    invitations: Iterable[Asked],
    person_id: UUID,
    *,
    in_team: bool,
    may_be_asked: bool,
    open_elsewhere: int,
    now: datetime,
) -> None:
    """Raise Conflict unless the person may be asked at the idea now.

    ``open_elsewhere`` counts the open invitations that he has anywhere.
    """
    found = list(invitations)
    if in_team:
        raise Conflict("expert-in-team")
    if not may_be_asked:
        raise Conflict("expert-not-to-be-asked")
    if any(
        each.person_id == person_id
        and each.state in {InvitationState.OPEN, InvitationState.ACCEPTED}
        for each in found
    ):
        raise Conflict("expert-already-asked")
    if person_id in left_in_peace(found, now):
        raise Conflict("expert-left-in-peace", days=RESTS_FOR.days)
    if sum(each.state is InvitationState.OPEN for each in found) >= OPEN_PER_IDEA_MAX:
        raise Conflict("too-many-invitations", limit=OPEN_PER_IDEA_MAX)
    if open_elsewhere >= OPEN_PER_PERSON_MAX:
        raise Conflict("expert-asked-by-many", limit=OPEN_PER_PERSON_MAX)


def check_words(note: str, question: str) -> tuple[str, str]:
    """What is said with an invitation, as it is stored; raises Invalid naming each fault."""
    said, asked = tidied(note), tidied(question)
    refuse(
        {
            "note": fault_of(said, NOTE_CHARS_MAX, if_empty="missing"),
            "question": fault_of(asked, QUESTION_CHARS_MAX),
        }
    )
    return said, asked


def check_answer(text: str) -> str:
    """What is said with an answer; nothing need be. Raises Invalid if it is too long."""
    return checked(text, "text", ANSWER_CHARS_MAX, if_empty="")


def is_over(state: InvitationState, due_at: datetime, now: datetime) -> bool:
    """Whether an open invitation has waited long enough."""
    return state is InvitationState.OPEN and due_at <= now

"""A request for support: its kinds, its life, and when it has waited too long."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from collab.errors import Conflict
from collab.process.calendar.deadlines import is_over
from collab.typed import checked

TEXT_CHARS_MAX: Final = 2000


class SupportKind(StrEnum):
    """What a team can ask for."""

    METHOD = "method"
    WORKSHOP = "workshop"
    PROTOTYPING = "prototyping"
    ADVICE = "advice"
    MODERATION = "moderation"


class SupportState(StrEnum):
    """Where a request stands; the first two are open."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"


class SupportAct(StrEnum):
    """What those who support do with a request."""

    ACCEPT = "accept"
    DECLINE = "decline"
    FINISH = "finish"


OPEN: Final = (SupportState.ASKED, SupportState.ACCEPTED)
AFTER: Final[Mapping[tuple[SupportState, SupportAct], SupportState]] = MappingProxyType(
    {
        (SupportState.ASKED, SupportAct.ACCEPT): SupportState.ACCEPTED,
        (SupportState.ASKED, SupportAct.DECLINE): SupportState.DECLINED,
        (SupportState.ACCEPTED, SupportAct.DECLINE): SupportState.DECLINED,
        (SupportState.ACCEPTED, SupportAct.FINISH): SupportState.DONE,
    }
)


def after(state: SupportState, act: SupportAct) -> SupportState:
    """The state that ``act`` leads to; raises Conflict where it leads nowhere."""
    found = AFTER.get((state, act))
    if found is None:
        raise Conflict("support-moved", current=state.value, act=act.value)
    return found


def check_words(act: SupportAct, text: str) -> str:
    """What is said with an act: accepting needs no words, declining and finishing do."""
    return check_text(text, required=act is not SupportAct.ACCEPT)


def check_text(text: str, *, required: bool = True) -> str:
    """Words as they are stored; raises Invalid if they are missing or too long."""
    return checked(text, "text", TEXT_CHARS_MAX, if_empty="missing" if required else "")


def is_overdue(state: SupportState, due_at: datetime, now: datetime) -> bool:
    """Whether an open request has waited longer than agreed."""
    return state in OPEN and is_over(due_at, now)

"""The life of one responsibility: an organisation's part in an idea, from its offer to its end."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from collab.errors import Conflict


class Part(StrEnum):
    """What an organisation answers for: a consortium has exactly one lead and any partners."""

    LEAD = "lead"
    PARTNER = "partner"


class State(StrEnum):
    """Where a responsibility stands; all but the first two are ends."""

    OFFERED = "offered"
    ACTIVE = "active"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    HANDED_OVER = "handed_over"
    RELEASED = "released"


class Act(StrEnum):
    """What can happen to a responsibility after it was offered."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    HAND_OVER = "hand_over"
    RELEASE = "release"


OPEN_STATES: Final = (State.OFFERED, State.ACTIVE)
WAS_CONFIRMED: Final = (State.ACTIVE, State.HANDED_OVER, State.RELEASED)

AFTER: Final[Mapping[tuple[State, Act], State]] = MappingProxyType(
    {
        (State.OFFERED, Act.CONFIRM): State.ACTIVE,
        (State.OFFERED, Act.DECLINE): State.DECLINED,
        (State.OFFERED, Act.WITHDRAW): State.WITHDRAWN,
        (State.OFFERED, Act.EXPIRE): State.EXPIRED,
        (State.ACTIVE, Act.HAND_OVER): State.HANDED_OVER,
        (State.ACTIVE, Act.RELEASE): State.RELEASED,
    }
)


def after(state: State, act: Act) -> State:
    """The state that ``act`` leads to; raises Conflict where it leads nowhere."""
    found = AFTER.get((state, act))
    if found is None:
        raise Conflict("responsibility-moved", current=state.value, act=act.value)
    return found

"""The recognition of a network measure: given, suspended, given again, withdrawn for good."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from collab.errors import Conflict
from collab.process.stages import Effect


class State(StrEnum):
    """Where a recognition stands; withdrawn is the end of it and of its number."""

    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


AFTER: Final[Mapping[tuple[State | None, Effect], State | None]] = MappingProxyType(
    {
        (None, Effect.RECOGNISE): State.VALID,
        (State.SUSPENDED, Effect.RECOGNISE): State.VALID,
        (State.VALID, Effect.SUSPEND_RECOGNITION): State.SUSPENDED,
        (State.VALID, Effect.WITHDRAW_RECOGNITION): State.WITHDRAWN,
        (State.SUSPENDED, Effect.WITHDRAW_RECOGNITION): State.WITHDRAWN,
        # Refused before it was ever given: there is nothing to withdraw.
        (None, Effect.WITHDRAW_RECOGNITION): None,
    }
)
"""(state, None if there is none) and effect → the state after it."""


def after(state: State | None, effect: Effect) -> State | None:
    """The state that an effect leads to; a withdrawn recognition counts as none.

    Raises:
        Conflict: (recognition-moved) there is nothing that the effect could change.
    """
    living = None if state is State.WITHDRAWN else state
    if (living, effect) not in AFTER:
        raise Conflict("recognition-moved", current=state, effect=effect.value)
    return AFTER[living, effect]

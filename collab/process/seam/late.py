"""Late contributions: what somebody typed while he might write and sent when the text was settled.

Nobody can know when a key was pressed on a device without a connection. So whoever might write
until the stage changed is believed, within bounds, and what he sends is kept beside the text.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from collab.process.actors import Actor
from collab.process.permissions import Action, may

COUNT_MAX: Final = 20
"""So many contributions of one person wait, or lie aside, in one document,"""

BYTES_MAX: Final = 1_048_576
"""with so many bytes together: as much as one frame may carry."""


class LateState(StrEnum):
    """What became of a late contribution."""

    WAITING = "waiting"
    APPLIED = "applied"
    SET_ASIDE = "set_aside"


def might_write_before(actor: Actor, stage: str, passed: Iterable[str]) -> bool:
    """Whether a stage that the idea has left allowed the actor what this one does not."""
    if actor.person_id is None or may(actor, Action.EDIT_TEXT, stage):
        return False
    return any(may(actor, Action.EDIT_TEXT, before) for before in passed)


def has_room(count: int, size: int, more: int) -> bool:
    """Whether a contribution of ``more`` bytes fits besides ``count`` of ``size`` bytes."""
    return count < COUNT_MAX and size + more <= BYTES_MAX

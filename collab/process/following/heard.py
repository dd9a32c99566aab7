"""Which events those who follow an idea hear of, and under which heading."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from collab.process.events.kinds import EVENTS


class Heard(StrEnum):
    """What followers are told has happened, in the order in which it is said."""

    ACT = "act"
    JUDGEMENT = "judgement"
    SUGGESTION = "suggestion"
    COMMENT = "comment"


# What is said of texts and comments makes no news a second time: edited, settled, hidden.
_TALK: Final = "collab.process.events.talk"
_SAID: Final[Mapping[str, Heard]] = {
    "comment_added": Heard.COMMENT,
    "judgement_given": Heard.JUDGEMENT,
    "suggestion_made": Heard.SUGGESTION,
    "suggestion_accepted": Heard.SUGGESTION,
    "suggestion_declined": Heard.SUGGESTION,
    "idea_stalled": Heard.ACT,
}


def heard_as(kind: str) -> Heard | None:
    """Under which heading followers hear of such an event; None: they do not."""
    if kind in _SAID:
        return _SAID[kind]
    event = EVENTS.get(kind)
    if event is None or not event.public or not event.official:
        return None
    return None if event.__module__.startswith(_TALK) else Heard.ACT


HEARD: Final[Mapping[str, Heard]] = {
    kind: heading for kind in EVENTS if (heading := heard_as(kind)) is not None
}
"""Every kind of event that followers hear of."""

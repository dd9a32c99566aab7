"""Rounds of judging, and what becomes of a judgement when the text changes."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event
from collab.process.version import TextVersion


@dataclass(frozen=True)
class JudgementRoundOpened(Event):
    """A round began; ``dimensions`` are ids with commas between."""

    kind = "judgement_round_opened"
    parts = ("judgements",)
    round_id: UUID
    dimensions: str
    disclosure: str
    ends_on: str
    version: TextVersion


@dataclass(frozen=True)
class JudgementRoundClosed(Event):
    """A round is over: its day is, or somebody closed it before and said why."""

    kind = "judgement_round_closed"
    parts = ("judgements",)
    round_id: UUID
    people: int
    reason: str | None


@dataclass(frozen=True)
class JudgementKept(Event):
    """Somebody saw how the text has changed, and holds what he held of the earlier one."""

    kind = "judgement_kept"
    parts = ("judgements",)
    dimension: str
    version: TextVersion


@dataclass(frozen=True)
class JudgementWithdrawn(Event):
    """Somebody took a judgement back; a condition that it made is gone with it."""

    kind = "judgement_withdrawn"
    parts = ("judgements",)
    on_arena = True
    dimension: str


@dataclass(frozen=True)
class JudgementsOutdated(Event):
    """The text came to rest and differs materially from what so many people judged."""

    kind = "judgements_outdated"
    parts = ("judgements",)
    official = False
    people: int
    version: TextVersion

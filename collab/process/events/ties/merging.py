"""Two ideas are to be one, are one, or are two again; each told at both."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class MergeEvent(Event):
    """A fact about two ideas of which one goes on in the other."""

    parts: ClassVar[tuple[str, ...]] = ("merge", "links")
    merge_id: UUID
    source_ref: str
    target_ref: str


@dataclass(frozen=True)
class MergeProposed(MergeEvent):
    """Somebody proposes that one idea goes on in the other; those who answer for both are asked."""

    kind = "merge_proposed"


@dataclass(frozen=True)
class MergeAnswered(MergeEvent):
    """One of those who are asked has answered; a no ends it."""

    kind = "merge_answered"
    answer: str


@dataclass(frozen=True)
class MergeWithdrawn(MergeEvent):
    """It is not asked for any more."""

    kind = "merge_withdrawn"


@dataclass(frozen=True)
class IdeasMerged(MergeEvent):
    """One idea is part of the other from now on."""

    kind = "ideas_merged"
    parts = ("merge", "links", "comments", "judgements", "people", "requirements", "tasks", "stage")
    on_arena = True
    in_feed = True
    on_board = True


@dataclass(frozen=True)
class IdeasUnmerged(MergeEvent):
    """They are two again."""

    kind = "ideas_unmerged"
    parts = ("merge", "links", "comments", "judgements", "people", "requirements", "tasks", "stage")
    on_arena = True
    in_feed = True
    on_board = True


@dataclass(frozen=True)
class SectionTakenOver(MergeEvent):
    """A section of the merged idea was put below that of the other one, by who stands here."""

    kind = "section_taken_over"
    official = False
    parts = ("versions", "since")
    section: str

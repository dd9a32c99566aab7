"""What happens between ideas: links, replicas, changes offered to them, and ends that matter."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class IdeasLinked(Event):
    """One idea answers, builds on, complements or replicates another; told at both."""

    kind = "ideas_linked"
    parts = ("links", "stage")
    link_kind: str
    from_ref: str
    to_ref: str


@dataclass(frozen=True)
class IdeasUnlinked(Event):
    """A link between two ideas was taken away; told at both."""

    kind = "ideas_unlinked"
    parts = ("links", "stage")
    link_kind: str
    from_ref: str
    to_ref: str


@dataclass(frozen=True)
class ChangeOffered(Event):
    """The text of the origin changed in a section that this idea took over."""

    kind = "change_offered"
    parts = ("links",)
    change_id: UUID
    origin_ref: str
    section: str


@dataclass(frozen=True)
class OfferedChangeSettled(Event):
    """The team took an offered change, or declined it."""

    kind = "offered_change_settled"
    parts = ("links",)
    change_id: UUID
    section: str
    state: str


@dataclass(frozen=True)
class DependencyClosed(Event):
    """An idea that this one builds on or replicates has come to an end."""

    kind = "dependency_closed"
    parts = ("links",)
    ref: str
    stage: str

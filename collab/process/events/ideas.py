"""What happens to an idea, its stage, its team and its text."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event
from collab.process.version import TextVersion


@dataclass(frozen=True)
class IdeaCreated(Event):
    """Somebody began an idea, or an import brought it in."""

    kind = "idea_created"
    on_arena = True
    in_feed = True
    title: str
    idea_kind: str
    stage: str


@dataclass(frozen=True)
class StageChanged(Event):
    """An idea moved on, or back, for a reason and bound to a text."""

    kind = "stage_changed"
    parts = ("stage", "text", "comments", "judgements", "people")
    on_arena = True
    in_feed = True
    transition: str
    from_stage: str
    to_stage: str
    reason: str
    version: TextVersion


@dataclass(frozen=True)
class ProcessChanged(Event):
    """The idea goes on in another version of its process."""

    kind = "process_changed"
    parts = ("stage",)
    on_arena = True
    process_id: str
    from_version: int
    to_version: int
    from_stage: str
    to_stage: str
    reason: str


@dataclass(frozen=True)
class KindChanged(Event):
    """A need became a proposal, or a proposal a need."""

    kind = "kind_changed"
    parts = ("stage", "text")
    on_arena = True
    from_kind: str
    to_kind: str


@dataclass(frozen=True)
class TeamChanged(Event):
    """Somebody got or lost a role at the idea."""

    kind = "team_changed"
    parts = ("people", "stage", "text")
    person_id: UUID
    role: str
    granted: bool


@dataclass(frozen=True)
class TextReverted(Event):
    """A moderator undid what one person wrote, for a reason."""

    kind = "text_reverted"
    public = False
    parts = ("text",)
    person_id: UUID
    reason: str
    version: TextVersion


@dataclass(frozen=True)
class TextErased(Event):
    """Text was taken out of the document and its history for good; ``version`` is what is left."""

    kind = "text_erased"
    parts = ("text", "comments", "judgements", "people")
    on_arena = True
    version: TextVersion

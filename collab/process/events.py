"""Committed facts: what is written with every change, told to open pages and kept as the log.

An event is a frozen value; its payload is JSON and comes back as the same value. ``public`` says
whether it belongs into an idea's public log once the idea itself is public (``is_public``).
"""

from dataclasses import dataclass, fields
from typing import ClassVar
from uuid import UUID

from collab.errors import Invalid
from collab.process.stages import StageAccess, load_process
from collab.process.version import TextVersion

ARENA_TOPIC = "arena"


@dataclass(frozen=True)
class Event:
    """One committed fact."""

    kind: ClassVar[str] = ""
    public: ClassVar[bool] = True
    parts: ClassVar[tuple[str, ...]] = ()  # which parts of the idea's page changed
    on_arena: ClassVar[bool] = False  # whether lists of ideas changed

    @property
    def payload(self) -> dict[str, object]:
        """The event's fields as JSON."""
        return {field.name: _to_json(getattr(self, field.name)) for field in fields(self)}

    def topics(self, ref: str | None) -> tuple[str, ...]:
        """What to tell open pages has changed; ``ref`` names the idea, if one is concerned."""
        about_idea = tuple(idea_topic(ref, part) for part in self.parts) if ref else ()
        return ((ARENA_TOPIC,) if self.on_arena else ()) + about_idea


@dataclass(frozen=True)
class IdeaCreated(Event):
    """Somebody began an idea, or an import brought it in."""

    kind = "idea_created"
    on_arena = True
    title: str
    idea_kind: str
    stage: str


@dataclass(frozen=True)
class StageChanged(Event):
    """An idea moved on, or back, for a reason and bound to a text."""

    kind = "stage_changed"
    parts = ("stage", "text", "comments", "judgements", "people")
    on_arena = True
    transition: str
    from_stage: str
    to_stage: str
    reason: str
    version: TextVersion


@dataclass(frozen=True)
class CommentAdded(Event):
    """A comment or a reply was written."""

    kind = "comment_added"
    parts = ("comments",)
    on_arena = True
    comment_id: UUID
    comment_kind: str
    reply_to: UUID | None


@dataclass(frozen=True)
class CommentEdited(Event):
    """The author changed a comment."""

    kind = "comment_edited"
    parts = ("comments",)
    comment_id: UUID


@dataclass(frozen=True)
class CommentHidden(Event):
    """A moderator hid a comment; its author sees why."""

    kind = "comment_hidden"
    parts = ("comments",)
    on_arena = True
    comment_id: UUID
    reason: str


@dataclass(frozen=True)
class CommentDeleted(Event):
    """The author took a comment back."""

    kind = "comment_deleted"
    parts = ("comments",)
    on_arena = True
    comment_id: UUID


@dataclass(frozen=True)
class CommentResolved(Event):
    """A thread was closed as settled, or opened again."""

    kind = "comment_resolved"
    parts = ("comments",)
    comment_id: UUID
    resolved: bool


@dataclass(frozen=True)
class JudgementGiven(Event):
    """Somebody judged one dimension, anew or for the first time."""

    kind = "judgement_given"
    parts = ("judgements",)
    on_arena = True
    dimension: str
    verdict: str
    confidence: str
    version: TextVersion


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


@dataclass(frozen=True)
class PersonMuted(Event):
    """A moderator took one person's pen away in one text."""

    kind = "person_muted"
    public = False
    parts = ("people", "text")
    person_id: UUID
    reason: str


@dataclass(frozen=True)
class PersonUnmuted(Event):
    """A muted person may write again."""

    kind = "person_unmuted"
    public = False
    parts = ("people", "text")
    person_id: UUID


@dataclass(frozen=True)
class PersonRoleChanged(Event):
    """A person got or lost a role at the arena."""

    kind = "person_role_changed"
    public = False
    person_id: UUID
    role: str
    granted: bool


@dataclass(frozen=True)
class PersonSuspended(Event):
    """A person may no longer act; open sockets are closed."""

    kind = "person_suspended"
    public = False
    person_id: UUID
    reason: str


@dataclass(frozen=True)
class PersonErased(Event):
    """A person's account became a pseudonym; open sockets are closed."""

    kind = "person_erased"
    public = False
    person_id: UUID


@dataclass(frozen=True)
class PersonRestored(Event):
    """A suspended person may act again."""

    kind = "person_restored"
    public = False
    person_id: UUID


EVENTS: dict[str, type[Event]] = {event.kind: event for event in Event.__subclasses__()}


def idea_topic(ref: str, part: str) -> str:
    """The topic that open pages listen to for one part of an idea's page."""
    return f"idea:{ref}:{part}"


def is_public(event: Event, stage: str | None) -> bool:
    """Whether the event belongs into the public log, given the idea's stage after it.

    What happened while the idea was a draft stays with its team when it is published.
    """
    found = load_process().stage(stage) if stage else None
    private = found is not None and found.access is StageAccess.PRIVATE
    return event.public and not private


def parse_event(kind: str, payload: object) -> Event:
    """The event that was stored as ``kind`` and ``payload``; raises Invalid for anything else."""
    event = EVENTS.get(kind)
    if event is None or not isinstance(payload, dict):
        raise Invalid(fields={"kind": "unknown"})
    if set(payload) != {field.name for field in fields(event)}:
        raise Invalid(fields={"payload": "malformed"})
    try:
        return event(**{f.name: _from_json(str(f.type), payload[f.name]) for f in fields(event)})
    except ValueError:
        raise Invalid(fields={"payload": "malformed"}) from None


def _to_json(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.to_json() if isinstance(value, TextVersion) else value


def _from_json(wanted: str, value: object) -> object:
    """``value`` as the field's type, whose name is ``wanted``; raises ValueError if it is not."""
    if "TextVersion" in wanted:
        return TextVersion.from_json(value)
    if "UUID" in wanted:
        return None if value is None and "None" in wanted else UUID(str(value))
    if ("bool" in wanted) is not isinstance(value, bool) or not isinstance(value, str | bool):
        raise ValueError(f"{value!r} is no {wanted}")
    return value

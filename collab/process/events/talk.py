"""What people say about an idea: comments and judgements."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event
from collab.process.version import TextVersion


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

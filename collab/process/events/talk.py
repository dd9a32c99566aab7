"""What people say about an idea, comments and judgements, and what they make of it: tasks."""

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
    joins = True
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
    in_queue = True
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
class CommentBecame(Event):
    """A comment was turned into a requirement or a task, which has this number or id."""

    kind = "comment_became"
    parts = ("comments",)
    official = False
    comment_id: UUID
    outcome: str
    number: str


@dataclass(frozen=True)
class TaskAdded(Event):
    """A task was planned; ``person_id`` is whose it is, None as long as it is free."""

    kind = "task_added"
    parts = ("tasks",)
    official = False
    number: str
    person_id: UUID | None


@dataclass(frozen=True)
class TaskChanged(Event):
    """A task reads otherwise now, has another day, or is somebody else's."""

    kind = "task_changed"
    parts = ("tasks",)
    official = False
    number: str
    person_id: UUID | None


@dataclass(frozen=True)
class TaskSettled(Event):
    """A task was done or dropped, or is open again."""

    kind = "task_settled"
    parts = ("tasks",)
    official = False
    number: str
    state: str


@dataclass(frozen=True)
class JudgementGiven(Event):
    """Somebody judged one dimension, anew or for the first time.

    What he holds is not said where the judgement is hidden from others: this is read by everybody.
    """

    kind = "judgement_given"
    parts = ("judgements",)
    on_arena = True
    joins = True
    dimension: str
    verdict: str | None
    confidence: str | None
    version: TextVersion

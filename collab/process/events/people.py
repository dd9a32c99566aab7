"""What happens to people at the arena, and to their pens in one text."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


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

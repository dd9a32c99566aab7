"""What organisations take on for an idea, and what becomes of it."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class ResponsibilityOffered(Event):
    """An organisation offered to lead or to take part, or a lead offered to hand over to it."""

    kind = "responsibility_offered"
    parts = ("responsibility",)
    responsibility_id: UUID
    organisation_id: UUID
    organisation: str
    part: str
    hands_over: UUID | None
    """The responsibility that ends when this one is confirmed."""


@dataclass(frozen=True)
class ResponsibilityConfirmed(Event):
    """Somebody entitled to sign confirmed it: the organisation answers for the idea from now."""

    kind = "responsibility_confirmed"
    parts = ("responsibility", "people", "stage", "text")
    on_arena = True
    responsibility_id: UUID
    organisation_id: UUID
    organisation: str
    part: str
    person_id: UUID


@dataclass(frozen=True)
class ResponsibilityEnded(Event):
    """An offer or a responsibility ended; ``state`` says how, ``reason`` why."""

    kind = "responsibility_ended"
    parts = ("responsibility", "people", "stage", "text")
    on_arena = True
    responsibility_id: UUID
    organisation_id: UUID
    organisation: str
    part: str
    state: str
    reason: str
    person_id: UUID | None
    """Who stood for the organisation at the idea."""


@dataclass(frozen=True)
class RoleTermSet(Event):
    """Somebody is to have a role for a time; moments as ISO 8601."""

    kind = "role_term_set"
    public = False
    parts = ("people",)
    person_id: UUID
    role: str
    valid_from: str
    valid_until: str


@dataclass(frozen=True)
class RoleTermEnded(Event):
    """A term that had not begun was called off."""

    kind = "role_term_ended"
    public = False
    parts = ("people",)
    person_id: UUID
    role: str


@dataclass(frozen=True)
class AffiliationChanged(Event):
    """A person asked to speak for an organisation, was confirmed, or does so no longer."""

    kind = "affiliation_changed"
    public = False
    person_id: UUID
    organisation_id: UUID
    organisation: str
    state: str
    may_sign: bool

"""What happens to catalogues, organisations and what ideas have to do with existing initiatives."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class CataloguePublished(Event):
    """The coordination office published a version of a catalogue, for a reason."""

    kind = "catalogue_published"
    catalogue: str
    version: str
    reason: str


@dataclass(frozen=True)
class OrganisationChanged(Event):
    """An organisation was added, ended or replaced (``deed``), for a reason."""

    kind = "organisation_changed"
    organisation_id: UUID
    deed: str
    successor_id: UUID | None
    reason: str


@dataclass(frozen=True)
class InitiativeRelated(Event):
    """Somebody said what an existing initiative is to the idea, anew or for the first time."""

    kind = "initiative_related"
    parts = ("initiatives",)
    initiative_id: UUID
    name: str
    relation: str


@dataclass(frozen=True)
class InitiativeUnrelated(Event):
    """A relation to an existing initiative was taken back."""

    kind = "initiative_unrelated"
    parts = ("initiatives",)
    initiative_id: UUID
    name: str

"""What happens to measures: commitments, recognition, and central measures with their links."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class CommitmentDrafted(Event):
    """The leading organisation's people wrote on its answers to the principles."""

    kind = "commitment_drafted"
    public = False
    parts = ("commitment", "stage")
    commitment_id: UUID
    organisation: str


@dataclass(frozen=True)
class CommitmentSigned(Event):
    """Somebody entitled to sign committed the organisation to a version of the principles."""

    kind = "commitment_signed"
    parts = ("commitment", "stage")
    commitment_id: UUID
    organisation_id: UUID
    organisation: str
    catalogue_version: str


@dataclass(frozen=True)
class CommitmentWithdrawn(Event):
    """The organisation took its signature back, for a reason."""

    kind = "commitment_withdrawn"
    parts = ("commitment", "stage")
    commitment_id: UUID
    organisation: str
    reason: str


@dataclass(frozen=True)
class RenewalOpened(Event):
    """A commitment has to be made anew until a day; ``cause`` says why."""

    kind = "renewal_opened"
    parts = ("commitment",)
    organisation_id: UUID
    organisation: str
    cause: str
    due: str


@dataclass(frozen=True)
class MeasureNumbered(Event):
    """An idea became a measure and is in the public register under this number from now on."""

    kind = "measure_numbered"
    parts = ("stage",)
    on_arena = True
    number: str
    measure_kind: str


@dataclass(frozen=True)
class RecognitionChanged(Event):
    """A recognition was given, suspended, given again or withdrawn; ``state`` says which."""

    kind = "recognition_changed"
    parts = ("stage", "commitment")
    on_arena = True
    number: str
    state: str
    organisation: str
    reason: str


@dataclass(frozen=True)
class CentralMeasureEntered(Event):
    """The coordination office entered a central measure in the register."""

    kind = "central_measure_entered"
    on_arena = True
    number: str
    title: str


@dataclass(frozen=True)
class CentralMeasureChanged(Event):
    """The coordination office changed what the register says of a central measure."""

    kind = "central_measure_changed"
    number: str
    title: str
    reason: str


@dataclass(frozen=True)
class CentralMeasureRefused(Event):
    """Somebody without the right to it tried to enter or change a central measure."""

    kind = "central_measure_refused"
    public = False
    title: str


@dataclass(frozen=True)
class CentralLinked(Event):
    """The idea builds on a central measure, or is referred to it."""

    kind = "central_linked"
    parts = ("central", "stage")
    number: str
    title: str
    link: str


@dataclass(frozen=True)
class CentralUnlinked(Event):
    """A link to a central measure was taken back."""

    kind = "central_unlinked"
    parts = ("central", "stage")
    number: str
    title: str
    link: str

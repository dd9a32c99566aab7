"""What moderators do beside the official acts: claims, prepared decisions, internal notes."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event
from collab.process.version import TextVersion


@dataclass(frozen=True)
class IdeaClaimed(Event):
    """Somebody looks after an idea for now; ``from_person`` had it before, ``reason`` says why."""

    kind = "idea_claimed"
    public = False
    official = False
    on_board = True
    from_person: UUID | None
    reason: str


@dataclass(frozen=True)
class ClaimReleased(Event):
    """Nobody looks after the idea any more."""

    kind = "claim_released"
    public = False
    official = False
    on_board = True


@dataclass(frozen=True)
class ActPrepared(Event):
    """A decision was written into a list, or taken out of it; nothing is decided by that."""

    kind = "act_prepared"
    public = False
    official = False
    on_board = True
    list_name: str
    to_stage: str
    prepared: bool


@dataclass(frozen=True)
class NotesOpened(Event):
    """The internal notes on an idea were begun."""

    kind = "notes_opened"
    public = False
    official = False
    on_board = True


@dataclass(frozen=True)
class NotesErased(Event):
    """Text was taken out of the internal notes and their history for good."""

    kind = "notes_erased"
    public = False
    official = False
    version: TextVersion

"""What happens to suggested wording. Events repeat none of its words."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class SuggestionMade(Event):
    """Somebody suggested other words for a passage."""

    kind = "suggestion_made"
    joins = True
    parts = ("suggestions",)
    official = False
    suggestion_id: UUID
    section: str


@dataclass(frozen=True)
class SuggestionChanged(Event):
    """Its author changed a suggestion that was open."""

    kind = "suggestion_changed"
    parts = ("suggestions",)
    official = False
    suggestion_id: UUID
    section: str


@dataclass(frozen=True)
class SuggestionWithdrawn(Event):
    """Its author took a suggestion back."""

    kind = "suggestion_withdrawn"
    parts = ("suggestions",)
    official = False
    suggestion_id: UUID
    section: str


@dataclass(frozen=True)
class SuggestionAccepted(Event):
    """Somebody who may write brought a suggestion into the text, in its author's name."""

    kind = "suggestion_accepted"
    parts = ("suggestions",)
    official = False
    suggestion_id: UUID
    section: str


@dataclass(frozen=True)
class SuggestionDeclined(Event):
    """Somebody who may write declined a suggestion; why stands beside it."""

    kind = "suggestion_declined"
    parts = ("suggestions",)
    official = False
    suggestion_id: UUID
    section: str

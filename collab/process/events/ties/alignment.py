"""What happens to the statements of what an idea pays into; their words are not repeated here."""

from dataclasses import dataclass

from collab.process.events.event import Event


@dataclass(frozen=True)
class AlignmentStated(Event):
    """The team said what the idea pays into an entry of a catalogue, anew or for the first time."""

    kind = "alignment_stated"
    parts = ("alignment",)
    on_arena = True
    catalogue: str
    entry: str


@dataclass(frozen=True)
class AlignmentWithdrawn(Event):
    """The team took a statement back."""

    kind = "alignment_withdrawn"
    parts = ("alignment",)
    on_arena = True
    catalogue: str
    entry: str


@dataclass(frozen=True)
class AlignmentReviewed(Event):
    """Somebody outside the team said what he holds of a statement."""

    kind = "alignment_reviewed"
    parts = ("alignment",)
    catalogue: str
    entry: str
    verdict: str


@dataclass(frozen=True)
class AlignmentAnswered(Event):
    """The team answered a doubt or a question."""

    kind = "alignment_answered"
    parts = ("alignment",)
    catalogue: str
    entry: str

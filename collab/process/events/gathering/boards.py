"""What happens at a workshop's board beside the notes themselves.

What is hidden makes no event: not that a silent note was written, nor that a dot was given.
"""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.gathering.workshops import AGENDA, DOTS, HARVEST, NOTES, WorkshopEvent


@dataclass(frozen=True)
class NotesShown(WorkshopEvent):
    """Silent writing is over: all notes come onto the board together."""

    kind = "notes_shown"
    changes = (AGENDA, NOTES)


@dataclass(frozen=True)
class DotsShown(WorkshopEvent):
    """The dots are shown, or hidden again for another round."""

    kind = "dots_shown"
    changes = (AGENDA, DOTS)
    shown: bool


@dataclass(frozen=True)
class NoteBecameIdea(WorkshopEvent):
    """A note or group has become an idea, or was added to one."""

    kind = "note_became_idea"
    official = True
    changes = (NOTES, HARVEST)
    note_id: str
    idea_id: UUID
    is_beginning: bool

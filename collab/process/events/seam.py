"""What happens where live text and official acts meet."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class LateTextKept(Event):
    """Somebody's text came after it was settled; it waits for the next version."""

    kind = "late_text_kept"
    public = False
    parts = ("late",)
    contribution_id: UUID


@dataclass(frozen=True)
class LateTextApplied(Event):
    """What had come late is part of the text now."""

    kind = "late_text_applied"
    public = False
    parts = ("late",)
    contribution_id: UUID


@dataclass(frozen=True)
class LateTextSetAside(Event):
    """What had come late does not fit the text any more; it can be copied."""

    kind = "late_text_set_aside"
    public = False
    parts = ("late",)
    contribution_id: UUID

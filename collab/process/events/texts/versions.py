"""What people do with the versions of a text; none of it is an official act."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event
from collab.process.version import TextVersion


@dataclass(frozen=True)
class VersionNamed(Event):
    """Somebody gave the text as it was a name; which, the row says."""

    kind = "version_named"
    official = False
    parts = ("versions",)
    named_id: UUID
    version: TextVersion


@dataclass(frozen=True)
class VersionRenamed(Event):
    """Who had named a version calls it something else."""

    kind = "version_renamed"
    official = False
    parts = ("versions",)
    named_id: UUID


@dataclass(frozen=True)
class TextRestored(Event):
    """Somebody brought back what stood in ``version``; ``replaced`` is the text before that.

    ``sections`` are their names, or empty if it was the whole text.
    """

    kind = "text_restored"
    official = False
    parts = ("text", "versions")
    version: TextVersion
    replaced: TextVersion
    sections: str
    reason: str

"""Reports and what becomes of them, appeals, slow mode.

Reports concern only moderators: their events are not public and name nobody who reported.
"""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class ReportReceived(Event):
    """Somebody reported something; who, the log does not say."""

    kind = "report_received"
    public = False
    in_queue = True
    case_id: UUID
    target: str
    ground: str


@dataclass(frozen=True)
class ReportClaimed(Event):
    """A moderator looks at a case of reports, or no longer does."""

    kind = "report_claimed"
    public = False
    official = False
    in_queue = True
    case_id: UUID
    taken: bool


@dataclass(frozen=True)
class ReportsDecided(Event):
    """All reports of one thing were decided together."""

    kind = "reports_decided"
    public = False
    in_queue = True
    case_id: UUID
    target: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class CommentShown(Event):
    """A hidden comment is shown again."""

    kind = "comment_shown"
    parts = ("comments",)
    on_arena = True
    in_queue = True
    comment_id: UUID
    reason: str


@dataclass(frozen=True)
class HidingAppealed(Event):
    """The author of a hidden comment objects."""

    kind = "hiding_appealed"
    public = False
    in_queue = True
    comment_id: UUID


@dataclass(frozen=True)
class AppealDecided(Event):
    """Another moderator than who hid decided on the appeal."""

    kind = "appeal_decided"
    public = False
    in_queue = True
    comment_id: UUID
    state: str
    reason: str


@dataclass(frozen=True)
class SlowModeSet(Event):
    """People outside the team contribute slowly for a while."""

    kind = "slow_mode_set"
    parts = ("slow",)
    seconds: int
    hours: int
    reason: str


@dataclass(frozen=True)
class SlowModeEnded(Event):
    """Slow mode was ended, by a moderator or because its time was over."""

    kind = "slow_mode_ended"
    parts = ("slow",)
    cause: str

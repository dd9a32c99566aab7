"""People who know are asked, and answer; whom it concerns sees it, the public log does not."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class ExpertInvited(Event):
    """Somebody was asked for his expertise."""

    kind = "expert_invited"
    public = False
    official = False
    parts = ("experts",)
    invitation_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class ExpertAnswered(Event):
    """He said yes or no, it lapsed, or it was taken back; ``state`` says which."""

    kind = "expert_answered"
    public = False
    official = False
    parts = ("experts",)
    invitation_id: UUID
    person_id: UUID
    state: str

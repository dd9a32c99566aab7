"""An account takes over what a guest did."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.gathering.workshops import NOTES, PEOPLE, TABLES, WorkshopEvent


@dataclass(frozen=True)
class GuestClaimed(WorkshopEvent):
    """Whoever acts showed the receipt of a guest, and is the person of all that the guest did."""

    kind = "guest_claimed"
    official = True
    changes = (PEOPLE, TABLES, NOTES)
    changes_access = True
    guest_id: UUID

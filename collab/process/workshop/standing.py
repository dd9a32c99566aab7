"""What somebody is to a workshop, and what he may do there."""

from enum import StrEnum

from collab.errors import NotAllowed, NotFound


class Standing(StrEnum):
    """How a person stands to one workshop now."""

    FACILITATOR = "facilitator"
    ATTENDING = "attending"
    REMOVED = "removed"
    OUTSIDE = "outside"

    @property
    def is_inside(self) -> bool:
        """Whether he sees what happens there, and takes part."""
        return self in {Standing.FACILITATOR, Standing.ATTENDING}


def require_inside(standing: Standing) -> None:
    """Raise NotAllowed unless the person takes part."""
    if standing is Standing.REMOVED:
        raise NotAllowed("removed-from-workshop")
    if not standing.is_inside:
        raise NotAllowed("join-first")


def require_facilitator(standing: Standing) -> None:
    """Raise NotAllowed unless the person leads the evening; NotFound for who is not even there."""
    if standing is Standing.OUTSIDE:
        raise NotFound
    if standing is not Standing.FACILITATOR:
        raise NotAllowed("facilitators-only")

"""The events of hiding: those of comments, which the log knows longest, and those of all else."""

from uuid import UUID

from collab.process.abuse.reports import Target
from collab.process.events.conduct.abuse import AppealDecided, CommentShown, HidingAppealed
from collab.process.events.conduct.hiding import (
    ContributionAppealDecided,
    ContributionAppealed,
    ContributionHidden,
    ContributionShown,
)
from collab.process.events.event import Event
from collab.process.events.talk import CommentHidden


def hidden(target: Target, target_id: str, reason: str) -> Event:
    """A moderator hid it."""
    if target is Target.COMMENT:
        return CommentHidden(UUID(target_id), reason)
    return ContributionHidden(target.value, target_id, reason)


def shown(target: Target, target_id: str, reason: str) -> Event:
    """It is shown again."""
    if target is Target.COMMENT:
        return CommentShown(UUID(target_id), reason)
    return ContributionShown(target.value, target_id, reason)


def appealed(target: Target, target_id: str) -> Event:
    """Its author objects."""
    if target is Target.COMMENT:
        return HidingAppealed(UUID(target_id))
    return ContributionAppealed(target.value, target_id)


def appeal_decided(target: Target, target_id: str, state: str, reason: str) -> Event:
    """Somebody else decided on that."""
    if target is Target.COMMENT:
        return AppealDecided(UUID(target_id), state, reason)
    return ContributionAppealDecided(target.value, target_id, state, reason)

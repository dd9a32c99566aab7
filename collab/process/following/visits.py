"""Since when a person has been away from an idea, and what the page tells him of it.

What he was shown, also live while the page was open, counts as seen. What is new to him stays said
for a while, so that reading the page again, or coming back from a link, does not take it away.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from collab.process.version import TextVersion

SAID_FOR: Final = timedelta(minutes=30)
"""So long what happened meanwhile stays said on the page after it was first said."""

NOTED_EVERY: Final = timedelta(minutes=10)
"""How exactly it is known when somebody looked, where he saw nothing new; each note is a write."""


@dataclass(frozen=True, slots=True)
class Point:
    """What somebody knew: all events up to ``event`` and the text ``version``."""

    event: int
    version: TextVersion
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """What he has seen; ``before`` what he knew when he came, if he was told of news then."""

    seen: Point
    before: Point | None = None
    told_at: datetime | None = None

    def still_said(self, now: datetime) -> Point | None:
        """Since when the page still says what happened, though nothing came after it."""
        is_fresh = self.told_at is not None and now - self.told_at < SAID_FOR
        return self.before if is_fresh else None


def looked(visit: Visit | None, there: Point, *, has_news: bool) -> Visit:
    """The visit after he was shown the page as it is ``there``; ``has_news``: told of news.

    What comes while news are still said is said together with them.
    """
    if visit is None:
        return Visit(there)
    if has_news and visit.still_said(there.at) is None:
        return Visit(further(visit.seen, there), visit.seen, there.at)
    return Visit(further(visit.seen, there), visit.before, visit.told_at)


def further(seen: Point, there: Point) -> Point:
    """What he knows who has seen both: never less than before."""
    is_older = (there.version.epoch, there.version.seq) < (seen.version.epoch, seen.version.seq)
    version = seen.version if is_older else there.version
    return Point(max(seen.event, there.event), version, max(seen.at, there.at))


def is_worth_noting(visit: Visit | None, after: Visit) -> bool:
    """Whether the visit differs from what is stored by more than a few minutes."""
    if visit is None or (visit.before, visit.told_at) != (after.before, after.told_at):
        return True
    was, now = visit.seen, after.seen
    is_same = (was.event, was.version) == (now.event, now.version)
    return not is_same or now.at - was.at >= NOTED_EVERY

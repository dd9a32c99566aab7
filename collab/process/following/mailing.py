"""When mails leave: by choice, by day, never for what was seen, never too many."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from collab.process.calendar.berlin import BERLIN, berlin_date
from collab.process.calendar.holidays import is_working_day

WAIT: Final = timedelta(minutes=5)
"""So long a mail waits: whoever is there sees it live and gets none."""

APART: Final = timedelta(hours=1)
"""Between two mails to one person about one idea."""

MAILED_WITHIN: Final = timedelta(days=7)
"""What is older is not mailed any more; it stands in the inbox."""

ENTRIES_MAX: Final = 20
"""Of more a mail says only how many there are."""

ATTEMPTS_MAX: Final = 6
RETRY_FIRST: Final = timedelta(minutes=5)
RETRY_FACTOR: Final = 3

LINE_CHARS_MAX: Final = 200
MORNING: Final = time(7)
EVENING: Final = time(20)
_MONDAY: Final = 0


class Addressed(StrEnum):
    """How somebody is told by mail of what is addressed to himself."""

    INSTANT = "instant"
    DIGEST = "digest"
    NEVER = "never"


class Followed(StrEnum):
    """How often he gets a digest of what he follows."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants; the values here are those of who has chosen nothing."""

    addressed: Addressed = Addressed.INSTANT
    followed: Followed = Followed.WEEKLY
    follows_own: bool = True
    """Ideas of whose team he is, or at which he said something, count as followed."""
    keeps_quiet: bool = True
    """No mail between 20 and 7 o'clock."""


class Kind(StrEnum):
    """What one link takes out of the mails a person gets."""

    ADDRESSED = "addressed"
    FOLLOWED = "followed"
    ALL = "all"


def without(choice: Choice, kind: Kind) -> Choice:
    """The choice after a one-click unsubscribing."""
    return Choice(
        addressed=Addressed.NEVER if kind != Kind.FOLLOWED else choice.addressed,
        followed=Followed.NEVER if kind != Kind.ADDRESSED else choice.followed,
        follows_own=choice.follows_own,
        keeps_quiet=choice.keeps_quiet,
    )


def is_quiet(now: datetime) -> bool:
    """Whether it is night for mails, by Berlin's clock."""
    return not MORNING <= now.astimezone(BERLIN).time() < EVENING


def rhythm(choice: Choice) -> Followed:
    """How often his digest comes; one of addressed things alone comes every working day."""
    if choice.followed is Followed.NEVER and choice.addressed is Addressed.DIGEST:
        return Followed.DAILY
    return choice.followed


def last_due(how_often: Followed, now: datetime) -> datetime:
    """The last moment at which a digest of this rhythm was to leave: 7 o'clock in Berlin.

    Daily ones on working days, weekly ones on the first working day of the week.
    """
    day = berlin_date(now)
    while not (_is_day_of(how_often, day) and _morning_of(day) <= now):
        day -= timedelta(days=1)
    return _morning_of(day)


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """When a mail is tried again that failed so often; None: it is given up."""
    if attempts >= ATTEMPTS_MAX:
        return None
    return now + RETRY_FIRST * int(RETRY_FACTOR ** (attempts - 1))


def one_line(text: str) -> str:
    """A title or name as a header or a line of a mail takes it: no breaks, nothing unseen."""
    seen = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)
    line = " ".join(seen.split())
    return line if len(line) <= LINE_CHARS_MAX else line[: LINE_CHARS_MAX - 1].rstrip() + "…"


def _is_day_of(how_often: Followed, day: date) -> bool:
    if how_often is Followed.DAILY:
        return is_working_day(day)
    monday = day - timedelta(days=day.weekday() - _MONDAY)
    days = (monday + timedelta(days=each) for each in range(7))
    return day == next((each for each in days if is_working_day(each)), monday)


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, MORNING, BERLIN)

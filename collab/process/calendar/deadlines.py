"""Deadlines: so many days, weeks or working days from a moment, until the end of that day.

The day on which something happens does not count (§ 187 BGB); a deadline ends with its last day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from collab.process.calendar.berlin import berlin_date, end_of_day
from collab.process.calendar.holidays import is_working_day

COUNT_MAX: Final = 3660
"""Ten years of days; whoever asks for more has made a mistake."""


class Unit(StrEnum):
    """What a span is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as people agree on it."""

    count: int
    unit: Unit = Unit.WORKING_DAYS

    def __post_init__(self) -> None:
        if not 1 <= self.count <= COUNT_MAX:
            raise ValueError(f"a span of {self.count} {self.unit}: expected 1 to {COUNT_MAX}")


def due(since: datetime, span: Span) -> datetime:
    """The last moment of a deadline of ``span`` that begins with what happened at ``since``."""
    return end_of_day(due_day(berlin_date(since), span))


def due_day(since: date, span: Span) -> date:
    """The last day of the deadline; ``since`` itself does not count."""
    match span.unit:
        case Unit.DAYS:
            return since + timedelta(days=span.count)
        case Unit.WEEKS:
            return since + timedelta(weeks=span.count)
        case Unit.WORKING_DAYS:
            return add_working_days(since, span.count)


def is_over(deadline: datetime, now: datetime) -> bool:
    """Whether it is later than the last moment of the deadline."""
    return now > deadline


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; of no working days, ``day`` itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days have passed since ``start``, up to and with ``end``."""
    days = (start + timedelta(days=each) for each in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)

"""Berlin's clock over summer and winter time, as Directive 2000/84/EC sets it.

Summer time lasts from the last Sunday of March to the last Sunday of October, both at 01:00 UTC.
It is computed here, so that deadlines hold also on machines that carry no time zone data. The
rule is that of 1996 and later; nothing in Arena is older.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Final

WINTER: Final = timedelta(hours=1)
SUMMER: Final = timedelta(hours=2)
LAST_SECOND: Final = time(23, 59, 59)
_SUNDAY = 6
_CHANGES_AT = time(1)  # UTC


class _Berlin(tzinfo):
    """Berlin's wall clock; ``fold`` tells the two passes of the hour that October repeats."""

    def utcoffset(self, at: datetime | None) -> timedelta:
        if at is None:
            return WINTER
        wall = at.replace(tzinfo=None)
        begins, ends = summer(wall.year)
        # The hour that March leaves out and the one that October repeats lie before and after
        # the change by turns: PEP 495 asks ``fold`` which is meant.
        first = begins + (WINTER if at.fold else SUMMER)
        last = ends + (WINTER if at.fold else SUMMER)
        return SUMMER if first <= wall < last else WINTER

    def dst(self, at: datetime | None) -> timedelta:
        return self.utcoffset(at) - WINTER

    def tzname(self, at: datetime | None) -> str:
        return "CEST" if self.dst(at) else "CET"

    def fromutc(self, at: datetime) -> datetime:
        moment = at.replace(tzinfo=None)
        begins, ends = summer(moment.year)
        offset = SUMMER if begins <= moment < ends else WINTER
        is_second_pass = ends <= moment < ends + (SUMMER - WINTER)
        return (moment + offset).replace(tzinfo=self, fold=int(is_second_pass))

    def __repr__(self) -> str:
        return "BERLIN"


BERLIN: Final = _Berlin()


@cache
def summer(year: int) -> tuple[datetime, datetime]:
    """When summer time begins and ends in ``year``, in UTC without saying so."""
    march, october = (_last_sunday(year, month) for month in (3, 10))
    return datetime.combine(march, _CHANGES_AT), datetime.combine(october, _CHANGES_AT)


def berlin_date(at: datetime) -> date:
    """The day it is in Berlin at that moment."""
    return at.astimezone(BERLIN).date()


def start_of_day(day: date) -> datetime:
    """The first moment of the day in Berlin, in UTC."""
    return datetime.combine(day, time(), BERLIN).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last second of the day in Berlin, in UTC: what is due that day is late after it."""
    return datetime.combine(day, LAST_SECOND, BERLIN).astimezone(UTC)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() - _SUNDAY) % 7)

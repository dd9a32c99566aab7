"""The public holidays of Berlin, by the Gesetz über die Sonn- und Feiertage, and working days."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

_SATURDAY = 5

# Month, day, name, first year in which it is one.
FIXED: Final = (
    (1, 1, "Neujahrstag", 1),
    (3, 8, "Internationaler Frauentag", 2019),
    (5, 1, "Tag der Arbeit", 1),
    (10, 3, "Tag der Deutschen Einheit", 1990),
    (12, 25, "Erster Weihnachtstag", 1),
    (12, 26, "Zweiter Weihnachtstag", 1),
)
# Days after Easter Sunday.
MOVABLE: Final = (
    (-2, "Karfreitag"),
    (1, "Ostermontag"),
    (39, "Christi Himmelfahrt"),
    (50, "Pfingstmontag"),
)
ONCE: Final = (
    (date(2017, 10, 31), "500. Jahrestag der Reformation"),
    (date(2020, 5, 8), "75. Jahrestag der Befreiung"),
    (date(2025, 5, 8), "80. Jahrestag der Befreiung"),
    (date(2028, 6, 17), "75. Jahrestag des Aufstands vom 17. Juni 1953"),
)


@cache
def holidays(year: int) -> Mapping[date, str]:
    """The holidays of a year in Berlin with their names."""
    return MappingProxyType(dict(sorted(_holidays(year))))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


@cache
def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the method of Oudin (1940)."""
    century = year // 100
    golden = year % 19
    correction = (century - 17) // 25
    moon = (century - century // 4 - (century - correction) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    days = moon - weekday
    month = 3 + (days + 40) // 44
    return date(year, month, days + 28 - 31 * (month // 4))


def _holidays(year: int) -> Iterator[tuple[date, str]]:
    for month, day, name, since in FIXED:
        if year >= since:
            yield date(year, month, day), name
    for offset, name in MOVABLE:
        yield easter(year) + timedelta(days=offset), name
    for day_once, name in ONCE:
        if day_once.year == year:
            yield day_once, name

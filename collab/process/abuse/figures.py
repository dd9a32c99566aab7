"""Figures of moderation that tell nothing about anybody: by month, small numbers left out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

SMALL: Final = 5
"""Numbers below it, but 0, are not told: they might point at somebody."""


@dataclass(frozen=True, slots=True)
class Case:
    """What figures know of a case of reports; times are as the city reads them."""

    opened_at: datetime
    decided_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Month:
    """One month. A number that is None is above 0 and too small to be told, or would give away
    another that is."""

    month: str
    received: int | None
    by_ground: Mapping[str, int | None]
    decided: int | None
    by_outcome: Mapping[str, int | None]
    appeals: int | None
    by_appeal: Mapping[str, int | None]
    median_hours: int | None


def figures(
    reports: Iterable[tuple[datetime, str]],
    cases: Sequence[Case],
    appeals: Iterable[tuple[datetime, str]],
    months: Sequence[str],
    *,
    grounds: Sequence[str],
    outcomes: Sequence[str],
    appeal_states: Sequence[str],
) -> list[Month]:
    """The figures of these months, in their order.

    Reports count when they came, cases when they were decided, appeals when they were made.
    """
    came = Counter((month_of(at), ground) for at, ground in reports)
    ended = Counter(
        (month_of(each.decided_at), each.outcome)
        for each in cases
        if each.decided_at is not None and each.outcome is not None
    )
    asked = Counter((month_of(at), state) for at, state in appeals)
    return [
        Month(
            month=month,
            received=told(_sum(came, month)),
            by_ground=shares({each: came[month, each] for each in grounds}),
            decided=told(_sum(ended, month)),
            by_outcome=shares({each: ended[month, each] for each in outcomes}),
            appeals=told(_sum(asked, month)),
            by_appeal=shares({each: asked[month, each] for each in appeal_states}),
            median_hours=_median_hours(cases, month),
        )
        for month in months
    ]


def told(number: int) -> int | None:
    """The number, if it may be told."""
    return None if 0 < number < SMALL else number


def shares(parts: Mapping[str, int]) -> dict[str, int | None]:
    """The parts of a sum that is told itself.

    One part alone that is not told could be found by subtracting; then the next greater one is
    not told either.
    """
    found = {name: told(number) for name, number in parts.items()}
    silent = [name for name, number in found.items() if number is None]
    if len(silent) == 1:
        others = [name for name in parts if name not in silent and parts[name] > 0]
        if others:
            found[min(others, key=lambda name: parts[name])] = None
    return found


def month_of(at: datetime) -> str:
    """``2026-11``."""
    return f"{at.year:04d}-{at.month:02d}"


def _sum(counted: Mapping[tuple[str, str], int], month: str) -> int:
    return sum(number for (found, _), number in counted.items() if found == month)


def _median_hours(cases: Sequence[Case], month: str) -> int | None:
    """Hours from the first report to the decision; only where enough were decided."""
    spans = [
        (each.decided_at - each.opened_at) / timedelta(hours=1)
        for each in cases
        if each.decided_at is not None and month_of(each.decided_at) == month
    ]
    return round(median(spans)) if len(spans) >= SMALL else None

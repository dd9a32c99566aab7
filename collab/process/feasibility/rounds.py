"""Rounds of judging: everybody judges one text until one day, and who sees what meanwhile.

What others hold is hidden from everybody alike, moderators and auditors too, so that nobody judges
what the first ones said. How many judged a dimension is never hidden: gates go by it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from collab.errors import Invalid
from collab.process.calendar.berlin import berlin_date, end_of_day
from collab.process.calendar.deadlines import is_over
from collab.process.version import TextVersion
from collab.typed import checked

CLOSING_REASON_CHARS_MAX = 1_000


class Disclosure(StrEnum):
    """From when on somebody sees what others hold of a dimension."""

    AFTER_OWN_OR_CLOSE = "after_own_or_close"
    AFTER_CLOSE = "after_close"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class RoundRules:
    """What a template says of rounds; ``allowed`` begins with what is proposed first.

    ``without`` holds outside of a round: its close is then the end of the stage that collects
    judgements. ``judging_without``: whether one may judge while there is no round.
    """

    allowed: tuple[Disclosure, ...] = (Disclosure.OPEN,)
    without: Disclosure = Disclosure.OPEN
    judging_without: bool = True
    days_max: int = 90


@dataclass(frozen=True, slots=True)
class Round:
    """One round of an idea; ``ends_at`` is the last second of a day in Berlin."""

    id: UUID
    dimensions: tuple[str, ...]
    disclosure: Disclosure
    version: TextVersion
    ends_at: datetime
    closed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether one may judge in it; over is over, also before the clock has noted it."""
        return self.closed_at is None and not is_over(self.ends_at, now)

    @property
    def is_hiding(self) -> bool:
        return self.disclosure is not Disclosure.OPEN


@dataclass(frozen=True, slots=True)
class Plan:
    """A round that may be opened."""

    dimensions: tuple[str, ...]
    disclosure: Disclosure
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A judgement of the reader himself: of what, and in which round."""

    dimension: str
    round_id: UUID | None


def hidden(
    dimensions: Iterable[str],
    rules: RoundRules,
    current: Round | None,
    own: Iterable[Given] = (),
    *,
    is_collecting: bool = True,
) -> frozenset[str]:
    """The dimensions of which the reader with these judgements does not see what others hold.

    ``current`` is the round that is open now. ``is_collecting``: whether the idea is where
    judgements are collected; where it is not, every round is over and nothing hidden.
    """
    if not is_collecting:
        return frozenset()
    given = list(own)
    in_round = {one.dimension for one in given if current and one.round_id == current.id}
    judged = {one.dimension for one in given}
    found = set()
    for dimension in dimensions:
        is_of_round = current is not None and dimension in current.dimensions
        rule = current.disclosure if current and is_of_round else rules.without
        has_own = dimension in (in_round if is_of_round else judged)
        if rule is Disclosure.AFTER_CLOSE or (
            rule is Disclosure.AFTER_OWN_OR_CLOSE and not has_own
        ):
            found.add(dimension)
    return frozenset(found)


def check_round(
    dimensions: Collection[str],
    disclosure: str,
    ends_on: date,
    *,
    known: Collection[str],
    rules: RoundRules,
    now: datetime,
) -> Plan:
    """The round as it may be opened; raises Invalid with every faulty field."""
    fields: dict[str, str] = {}
    if not dimensions:
        fields["dimensions"] = "empty"
    elif not set(dimensions) <= set(known):
        fields["dimensions"] = "unknown-choice"
    if disclosure not in set(rules.allowed):
        fields["disclosure"] = "unknown-choice"
    today = berlin_date(now)
    if ends_on < today:
        fields["ends_on"] = "in-the-past"
    elif ends_on > today + timedelta(days=rules.days_max):
        fields["ends_on"] = "too-late"
    if fields:
        raise Invalid(fields=fields)
    ordered = tuple(each for each in known if each in dimensions)
    return Plan(ordered, Disclosure(disclosure), end_of_day(ends_on))


def check_closing(reason: str) -> str:
    """Why a round ends before its day, as it is stored; raises Invalid."""
    return checked(reason, "reason", CLOSING_REASON_CHARS_MAX)

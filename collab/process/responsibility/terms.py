"""Roles with a beginning and an end: deputies of the CDO, external partners at a case, others."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from collab.errors import Invalid
from collab.process.actors import ARENA_ROLES, Role
from collab.process.calendar.berlin import berlin_date, end_of_day, start_of_day

DAYS_MAX: Final = 3 * 366
NEEDS_END: Final = frozenset({Role.DEPUTY, Role.PARTNER})
"""Roles that nobody has without an end."""

AT_IDEA: Final = frozenset({Role.EDITOR, Role.PARTNER})
AT_ARENA: Final = ARENA_ROLES - {Role.GUEST}


class TermState(StrEnum):
    """Where a term stands; the role is held while it runs, and not a moment else."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"


OPEN_TERMS: Final = (TermState.PLANNED, TermState.RUNNING)


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when, both moments included."""

    valid_from: datetime
    valid_until: datetime

    def state(self, now: datetime) -> TermState:
        """What the clock makes of it."""
        if now > self.valid_until:
            return TermState.ENDED
        return TermState.RUNNING if now >= self.valid_from else TermState.PLANNED


def make_term(role: Role, *, at_idea: bool, first: date | None, last: date, now: datetime) -> Term:
    """The term from the beginning of ``first``, or from now, to the end of ``last`` in Berlin.

    Raises:
        Invalid: the role has no terms there; the days are in the past, the wrong way round, or
            further away than anybody plans. Names every field.
    """
    today, faults = berlin_date(now), {}
    begins = first or today
    if role not in (AT_IDEA if at_idea else AT_ARENA):
        faults["role"] = "unknown-choice"
    if begins < today:
        faults["first"] = "in-the-past"
    if last < begins:
        faults["last"] = "before-the-beginning" if last >= today else "in-the-past"
    elif (last - today).days > DAYS_MAX:
        faults["last"] = "too-far-away"
    if faults:
        raise Invalid(fields=faults)
    return Term(max(now, start_of_day(begins)), end_of_day(last))

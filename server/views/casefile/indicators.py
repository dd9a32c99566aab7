"""The indicators of an idea, what was measured, and the one whose form stands open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from markupsafe import Markup

from collab.process.casefile.indicators import IndicatorKind, typed
from collab.process.permissions import Action
from server.actions.cases import Case
from server.faces import Face
from server.views.casefile.chart import Chart, chart
from server.views.prose import prose
from storage.process.casefile.indicators import Indicator, Measurement


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an indicator before and after a revision."""

    name: str
    before: str | float | None
    after: str | float | None


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision with what it changed."""

    row: Indicator
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on a day; ``was`` are the values it corrects."""

    day: date
    row: Measurement
    by: Face
    was: tuple[float, ...]
    note: Markup | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One indicator as it is now, with its history and its values."""

    row: Indicator
    due: date
    revisions: tuple[Revision, ...]  # newest first
    measured: tuple[Measured, ...]  # newest day first
    chart: Chart | None

    @property
    def baseline(self) -> str:
        """The value at the beginning as somebody would type it; empty if it is not known."""
        return "" if self.row.baseline is None else typed(self.row.baseline)

    @property
    def target(self) -> str:
        """The target as somebody would type it."""
        return typed(self.row.target)

    @property
    def amendments(self) -> int:
        """How many revisions were made after an act was grounded on the indicators."""
        return sum(each.row.is_amendment for each in self.revisions)


@dataclass(frozen=True, slots=True)
class Indicators:
    """All indicators, withdrawn ones last; ``chosen`` is the one a link asked for."""

    shown: tuple[Shown, ...]
    withdrawn: tuple[Shown, ...]
    chosen: Shown | None
    is_ground: bool
    may_set: bool
    may_measure: bool
    kinds: tuple[IndicatorKind, ...] = tuple(IndicatorKind)


COMPARED = ("kind", "text", "unit", "baseline", "target", "due", "is_withdrawn")


def indicator_list(
    case: Case,
    rows: Sequence[Indicator],
    values: Sequence[Measurement],
    faces: Mapping[UUID, Face],
    *,
    is_ground: bool,
    chosen: str = "",
) -> Indicators:
    """The indicators as the case's actor sees them."""
    numbers = dict.fromkeys(row.number for row in rows)
    found = [
        _shown(
            [row for row in rows if row.number == number],
            [value for value in values if value.indicator == number],
            faces,
        )
        for number in numbers
    ]
    return Indicators(
        shown=tuple(each for each in found if not each.row.is_withdrawn),
        withdrawn=tuple(each for each in found if each.row.is_withdrawn),
        chosen=next((each for each in found if str(each.row.number) == chosen), None),
        is_ground=is_ground,
        may_set=case.may(Action.SET_INDICATOR),
        may_measure=case.may(Action.MEASURE),
    )


def _shown(
    rows: Sequence[Indicator], values: Sequence[Measurement], faces: Mapping[UUID, Face]
) -> Shown:
    now = rows[-1]
    due, measured = date.fromisoformat(now.due), _measured(values, faces)
    return Shown(
        row=now,
        due=due,
        revisions=tuple(reversed(_revisions(rows))),
        measured=tuple(reversed(measured)),
        chart=chart(
            [(each.day, each.row.value) for each in measured],
            target=now.target,
            baseline=now.baseline,
            due=due,
        ),
    )


def _revisions(rows: Sequence[Indicator]) -> list[Revision]:
    return [
        Revision(row, _changes(before, row) if before else ())
        for before, row in zip((None, *rows), rows, strict=False)
    ]


def _changes(before: Indicator, after: Indicator) -> tuple[Change, ...]:
    found = (Change(name, getattr(before, name), getattr(after, name)) for name in COMPARED)
    return tuple(each for each in found if each.before != each.after)


def _measured(values: Sequence[Measurement], faces: Mapping[UUID, Face]) -> list[Measured]:
    """One per day in the order of the days; of several for a day the last counts."""
    days: dict[str, list[Measurement]] = {}
    for value in values:
        days.setdefault(value.day, []).append(value)
    return [
        Measured(
            day=date.fromisoformat(day),
            row=found[-1],
            by=faces[found[-1].by],
            was=tuple(each.value for each in found[:-1]),
            note=prose(found[-1].note) if found[-1].note else None,
        )
        for day, found in sorted(days.items())
    ]

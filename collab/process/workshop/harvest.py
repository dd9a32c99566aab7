"""What comes out of a workshop besides its ideas, and when people meet again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from collab.errors import Invalid
from collab.process.calendar.berlin import BERLIN, berlin_date
from collab.process.talk.tasks import TEXT_CHARS_MAX as TEXT_CHARS_MAX
from collab.process.talk.tasks import check_task
from collab.process.workshop.codes import NAME_CHARS_MAX, check_name
from collab.typed import fault_of, refuse, tidied

T = TypeVar("T", date, time)

POINTS_MAX: Final = 300
"""What one evening writes down; more nobody reads."""

IDEAS_MAX: Final = 200
PLACE_CHARS_MAX: Final = 200
MEETING_WITHIN: Final = timedelta(days=2 * 366)
MEETING_AT_MOST: Final = timedelta(hours=24)


class PointKind(StrEnum):
    """What a point of the harvest is."""

    OPEN = "open_point"
    VOLUNTEER = "volunteer"
    TASK = "task"
    HINT = "decision_hint"


class Way(StrEnum):
    """How an idea belongs to a workshop."""

    MADE = "made"
    OPENED = "opened"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Said:
    """A point as it is stored; ``who`` is a name as it was typed, empty if it is nobody's."""

    kind: PointKind
    text: str
    who: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """When and where people meet again."""

    starts_at: datetime
    ends_at: datetime
    place: str


def check_point(
    kind: str, text: str, who: str, due: str, *, today: date, known: date | None = None
) -> Said:
    """What somebody typed as a point; raises Invalid with every faulty field.

    A day that is over is refused unless the point has it already (``known``).
    """
    faults = {"kind": "" if kind in set(PointKind) else "unknown-choice"}
    name, planned = "", None
    try:
        name = check_name(who, "who", NAME_CHARS_MAX) if who.strip() else ""
    except Invalid as refusal:
        faults |= _fields(refusal)
    try:
        planned = check_task(text, due, today=today, known=known)
    except Invalid as refusal:
        faults |= _fields(refusal)
    refuse(faults)
    assert planned is not None, "its faults were just refused"
    return Said(PointKind(kind), planned.text, name, planned.due)


def check_meeting(day: str, begins: str, ends: str, place: str, *, now: datetime) -> Meeting | None:
    """When people meet again, by the clock in Berlin; None if nothing at all was said.

    An end before the beginning is on the day after. Raises Invalid with every faulty field.
    """
    stored = tidied(place)
    if not (day or begins or ends or stored):
        return None
    faults = {"place": fault_of(stored, PLACE_CHARS_MAX)}
    on = _parsed(date, day, "day", faults)
    first, last = _parsed(time, begins, "begins", faults), _parsed(time, ends, "ends", faults)
    if on is not None and not berlin_date(now) <= on <= berlin_date(now) + MEETING_WITHIN:
        faults["day"] = "in-the-past" if on < berlin_date(now) else "too-far-away"
    if first is not None and first == last:
        faults["ends"] = "out-of-range"
    refuse(faults)
    assert on is not None, "it would be missing"
    assert first is not None, "it would be missing"
    assert last is not None, "it would be missing"
    until = on if last > first else on + timedelta(days=1)
    starts_at = datetime.combine(on, first, BERLIN).astimezone(UTC)
    ends_at = datetime.combine(until, last, BERLIN).astimezone(UTC)
    if not timedelta(0) < ends_at - starts_at <= MEETING_AT_MOST:
        refuse({"ends": "out-of-range"})
    return Meeting(starts_at, ends_at, " ".join(stored.split()))


def _parsed(kind: type[T], text: str, field: str, faults: dict[str, str]) -> T | None:
    """A day, or a time without a zone; what is missing or malformed is noted."""
    try:
        found = kind.fromisoformat(text.strip())
    except ValueError:
        faults[field] = "malformed" if text.strip() else "missing"
        return None
    if isinstance(found, time) and found.tzinfo is not None:
        faults[field] = "malformed"
        return None
    return found


def _fields(refusal: Invalid) -> dict[str, str]:
    found = refusal.data["fields"]
    assert isinstance(found, dict), "every Invalid of a check names fields"
    return found

"""Tasks: who does what until when, so that an idea goes on after the talk about it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from collab.typed import fault_of, refuse, tidied

TEXT_CHARS_MAX: Final = 500
REASON_CHARS_MAX: Final = 500
OPEN_TASKS_MAX: Final = 200
"""How many an idea holds open at a time; nobody oversees more."""
TASKS_MAX: Final = 2_000
"""How many an idea holds in all."""
DUE_WITHIN: Final = timedelta(days=3 * 366)


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done; ``due`` is a day in Berlin."""

    text: str
    due: date | None


def check_task(text: str, due: str, *, today: date, known: date | None = None) -> Planned:
    """What is to be done and until when; raises Invalid with every faulty field.

    A day that is over is refused unless the task has it already (``known``).
    """
    stored = tidied(text)
    faults = {"text": fault_of(stored, TEXT_CHARS_MAX, if_empty="empty")}
    day = _day(due.strip(), faults)
    if day is not None and day != known:
        if day < today:
            faults["due"] = "in-the-past"
        elif day > today + DUE_WITHIN:
            faults["due"] = "too-far-away"
    refuse(faults)
    return Planned(stored, day)


def check_settling(state: str, reason: str) -> tuple[TaskState, str]:
    """How a task ends, or that it is open again; dropping one needs a reason."""
    stored = tidied(reason)
    if_empty = "empty" if state == TaskState.DROPPED else ""
    refuse(
        {
            "state": "" if state in set(TaskState) else "unknown-choice",
            "reason": fault_of(stored, REASON_CHARS_MAX, if_empty=if_empty),
        }
    )
    return TaskState(state), stored


def is_overdue(state: str, due: date | None, today: date) -> bool:
    """Whether a task should have been done by now; it may take the whole of its last day."""
    return state == TaskState.OPEN and due is not None and due < today


def _day(text: str, faults: dict[str, str]) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = None
    # Python reads weeks and days without hyphens as well; one way of writing is enough.
    if text and (day is None or day.isoformat() != text):
        faults["due"] = "malformed"
        return None
    return day

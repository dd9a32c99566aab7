"""Slow mode: people outside the team contribute at most once in a while, for some time."""

import math
from datetime import datetime, timedelta
from typing import Final

from collab.errors import Limited
from collab.typed import fault_of, refuse, tidied

SECONDS: Final = (30, 60, 300, 900, 3600)
"""How long people wait between two contributions, as it is offered."""

SECONDS_MIN: Final = 30
SECONDS_MAX: Final = 3600
HOURS: Final = (1, 3, 12, 24, 72, 168)
"""How long slow mode lasts, as it is offered."""

HOURS_MAX: Final = 168
REASON_CHARS_MAX: Final = 500


def check_slow(seconds: int, hours: int, reason: str) -> str:
    """The reason as it is stored; raises Invalid with every faulty field."""
    stored = tidied(reason)
    refuse(
        {
            "seconds": _fault_of_number(seconds, SECONDS_MIN, SECONDS_MAX),
            "hours": _fault_of_number(hours, 1, HOURS_MAX),
            "reason": fault_of(stored, REASON_CHARS_MAX, if_empty="empty"),
        }
    )
    return stored


def wait_s(last: datetime | None, seconds: int, now: datetime) -> int:
    """Whole seconds until somebody may contribute again; 0 if he may now."""
    if last is None:
        return 0
    left = last + timedelta(seconds=seconds) - now
    return max(0, math.ceil(left.total_seconds()))


def require_turn(last: datetime | None, seconds: int, now: datetime) -> None:
    """Raise Limited, with when it goes on, if it is not his turn yet."""
    if (left := wait_s(last, seconds, now)) > 0:
        raise Limited("slow-mode", retry_after_s=left)


def _fault_of_number(number: int, least: int, most: int) -> str:
    if number < least:
        return "too-small"
    return "too-big" if number > most else ""

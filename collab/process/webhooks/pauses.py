"""When something is told again that did not arrive, and when telling ends."""

from datetime import datetime, timedelta
from typing import Final

ATTEMPTS_MAX: Final = 8
RETRY_FIRST: Final = timedelta(seconds=30)
RETRY_FACTOR: Final = 4
"""The last of eight attempts is made 45 hours after the first."""

OFF_AFTER: Final = timedelta(days=5)
"""A receiver that takes nothing for so long is not tried any more."""

WAITING_MAX: Final = 10_000
"""So many events wait for one receiver; further ones stay in the log until there is room."""

SUBSCRIPTIONS_MAX: Final = 50


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """When it is tried again after so many attempts; None: it is a dead letter."""
    if attempts >= ATTEMPTS_MAX:
        return None
    return now + RETRY_FIRST * int(RETRY_FACTOR ** (attempts - 1))


def is_given_up(failing_since: datetime, now: datetime) -> bool:
    """Whether the receiver has taken nothing for too long."""
    return now - failing_since >= OFF_AFTER

"""A job of the clock: what is due, and the act that each due thing calls for."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from server.services import Services
from storage.database import Transaction

Due = Callable[[Transaction, datetime, int], Awaitable[Sequence[UUID]]]
"""The ids of what is due at that moment, the most overdue first, so many at most."""

Do = Callable[[Services, UUID], Awaitable[None]]
"""One use case in a transaction of its own, which asks again under its lock whether it is due.

Several processes come upon the same id: whoever is second finds nothing to do.
"""


Wanted = Callable[[Services], bool]
"""Whether this process does it at all."""


def always(_: Services) -> bool:
    """Whatever the settings."""
    return True


RETRY_AFTER: Final = timedelta(minutes=5)


def no_time(_: Services) -> timedelta:
    """What is due now."""
    return timedelta(0)


@dataclass(frozen=True, slots=True)
class Job:
    """Something that happens when its time has come, whoever looks."""

    name: str
    due: Due
    do: Do
    wanted: Wanted = always
    ago: Callable[[Services], timedelta] = no_time
    """How long before now the moment lies that ``due`` is asked for."""
    rest: timedelta = RETRY_AFTER
    """How long it leaves alone what failed."""
    at_once: int = 1
    """So many acts run beside one another; more than one where each waits for somebody else."""

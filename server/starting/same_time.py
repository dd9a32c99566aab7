"""Nodes must agree about the time: terms, deadlines and leases are moments in one database."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from storage.database import Database
from storage.engine.clock import Skew, skew

SKEW_MAX: Final = timedelta(seconds=5)
LOOK_S: Final = 30.0
"""For so long what was found holds, however many ask."""


class ClockDiffers(Exception):
    """This machine's clock and the database's differ; the message says by how much."""


def machine_clock() -> datetime:
    """The time of this machine, whatever clock a process was given otherwise."""
    return datetime.now(UTC)


class SameTime:
    """That this machine has the time of the database, or why not; asked anew now and then."""

    def __init__(self, clock: Callable[[], datetime] = machine_clock) -> None:
        self._clock = clock
        self._lock = asyncio.Lock()
        self._holds_until = float("-inf")
        self._why_not: str | None = None

    async def demand(self, database: Database) -> None:
        """Return if the clocks agree.

        Raises:
            ClockDiffers: they do not.
            StorageUnavailable: the database cannot be asked.
        """
        async with self._lock:
            if asyncio.get_running_loop().time() >= self._holds_until:
                self._why_not = why_not(await skew(database, self._clock))
                self._holds_until = asyncio.get_running_loop().time() + LOOK_S
        if self._why_not is not None:
            raise ClockDiffers(self._why_not)


def why_not(found: Skew) -> str | None:
    """The sentence for an operator if the clocks differ by too much."""
    if found.at_least <= SKEW_MAX:
        return None
    seconds = round(abs(found.ahead).total_seconds())
    where = "ahead of" if found.ahead > timedelta(0) else "behind"
    return (
        f"The clock of this machine is {seconds} s {where} the database's; up to "
        f"{SKEW_MAX.seconds} s are allowed. Set both by NTP (timedatectl shows whether it runs)."
    )

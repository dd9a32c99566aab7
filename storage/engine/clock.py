"""How far the clock of this machine is from that of the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from storage.database import Database

LOOKS: Final = 3
"""The quickest of so many looks counts: it tells most exactly."""


@dataclass(frozen=True, slots=True)
class Skew:
    """Ours minus the database's, give or take half of how long asking took."""

    ahead: timedelta
    give_or_take: timedelta

    @property
    def at_least(self) -> timedelta:
        """How far the clocks differ at the very least, whichever is ahead."""
        return max(abs(self.ahead) - self.give_or_take, timedelta(0))


async def skew(database: Database, clock: Callable[[], datetime]) -> Skew:
    """Compare ``clock`` with the database's; SQLite has none of its own."""
    if database.dialect == "sqlite":
        return Skew(timedelta(0), timedelta(0))
    async with database.read() as tx:
        looks = []
        for _ in range(LOOKS):
            before = clock()
            theirs: datetime = (await tx.run(text("SELECT clock_timestamp()"))).scalar_one()
            looks.append(compared(before, theirs, clock()))
    return min(looks, key=lambda look: look.give_or_take)


def compared(before: datetime, theirs: datetime, after: datetime) -> Skew:
    """What one look tells: theirs was read at some moment between ours."""
    half = (after - before) / 2
    return Skew(before + half - theirs, half)

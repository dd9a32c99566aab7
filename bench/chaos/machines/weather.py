"""What befalls the storage of a simulated process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random


class StorageAway(Exception):
    """What a database says when it is not there, or no longer sure."""


@dataclass
class Weather:
    """What befalls storage, by chance; ``calm`` ends it."""

    dice: Random
    latency_s: float = 0.002
    failing: float = 0.0
    """Reads and small writes that fail."""
    lost: float = 0.0
    """Commits that fail before they are durable."""
    unknown: float = 0.0
    """Commits that are durable and reported as failed."""
    again: float = 0.0
    """Commits that are durable, are tried again, and then do not fit any more."""
    is_away: bool = False

    def calm(self) -> None:
        self.failing = self.lost = self.unknown = self.again = 0.0
        self.is_away = False
        self.latency_s = min(self.latency_s, 0.005)

    def delay(self) -> float:
        return self.dice.expovariate(1 / self.latency_s)

    async def pass_by(self) -> None:
        """Take some time, and fail now and then."""
        await asyncio.sleep(self.delay())
        if self.is_away or self.dice.random() < self.failing:
            raise StorageAway("no connection")

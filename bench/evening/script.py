"""How long the evening is, who comes, and what happens when; all times in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OFFLINE_TABLES = (2, 5, 8)

VANDAL_TABLE = 1


@dataclass(frozen=True, slots=True)
class Script:
    """One evening. ``pause_s`` is between two words that one person types, from and to."""

    tables: int
    seats: int
    observers: int
    signed_in: int
    ideas: int
    minutes: float
    offline_s: float
    kills: int
    comments_a_minute: int
    pause_s: tuple[float, float]

    @property
    def writers(self) -> int:
        """Everybody who types."""
        return self.tables * self.seats

    @property
    def offline_tables(self) -> Sequence[int]:
        """Those that lose the network, all at once."""
        return [number for number in OFFLINE_TABLES if number <= self.tables]

    @property
    def seconds(self) -> float:
        return self.minutes * 60

    @property
    def offline_from_s(self) -> float:
        """The network goes when everybody is at it."""
        return self.seconds * 0.2

    @property
    def vandal_from_s(self) -> float:
        return self.seconds * 0.15

    @property
    def kills_at_s(self) -> Sequence[float]:
        """Spread over the evening; the first one while tables are offline."""
        return [self.seconds * (number + 1) / (self.kills + 1) for number in range(self.kills)]


FULL = Script(
    tables=8,
    seats=5,
    observers=300,
    signed_in=30,
    ideas=60,
    minutes=10,
    offline_s=300,
    kills=2,
    comments_a_minute=20,
    pause_s=(0.3, 1.7),
)
SHORT = Script(
    tables=8,
    seats=5,
    observers=60,
    signed_in=10,
    ideas=20,
    minutes=0.35,
    offline_s=5,
    kills=1,
    comments_a_minute=20,
    pause_s=(0.3, 1.7),
)

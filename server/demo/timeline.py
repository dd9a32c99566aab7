"""The order of everything that happened in the demonstration, whoever tells of it."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened so many days before now; ``take`` gets the moment."""

    days_ago: float
    take: Callable[[datetime], Awaitable[None]]


async def play(steps: Iterable[Step], now: datetime) -> None:
    """Let everything happen, the oldest first; what happened at one moment keeps its order."""
    for step in sorted(steps, key=lambda one: -one.days_ago):
        await step.take(now - timedelta(days=step.days_ago))

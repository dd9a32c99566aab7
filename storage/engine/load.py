"""How busy the database of this process is, and what has failed: numbers that cost nothing."""

from __future__ import annotations

import asyncio
from typing import Literal


class Load:
    """Counts of transactions; read from outside whenever somebody wants to know."""

    __slots__ = ("away", "failed", "is_away", "open", "total", "waiting")

    def __init__(self) -> None:
        self.open = {"read": 0, "write": 0}
        """Transactions that run, or wait for a connection."""
        self.total = {"read": 0, "write": 0}
        self.waiting = 0
        """Transactions that wait for a connection, or for their turn to write."""
        self.away = 0
        """Failures of the database itself, since the process started."""
        self.failed = 0
        """Statements that it refused."""
        self.is_away = {"read": False, "write": False}
        """Nothing of the kind has succeeded since the last failure."""

    def went_away(self, kind: str) -> None:
        """The database itself has failed."""
        self.away += 1
        self.is_away[kind] = True


class Turn(asyncio.Lock):
    """One at a time; who waits is counted."""

    def __init__(self, load: Load) -> None:
        super().__init__()
        self._load = load

    async def acquire(self) -> Literal[True]:
        self._load.waiting += 1
        try:
            return await super().acquire()
        finally:
            self._load.waiting -= 1

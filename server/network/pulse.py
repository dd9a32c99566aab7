"""One heartbeat for all sockets of the process, instead of two timers for each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import cycle
from typing import Protocol

PULSE_S = 15.0
"""Each socket is pinged this often; who was not heard of since the last time is gone."""

BUCKETS = 15


class Beating(Protocol):
    """Something that is to be asked whether it still lives."""

    def beat(self) -> None:
        """Ping the peer, or give him up."""


class Pulse:
    """Sockets in buckets, one of which is pinged at a time, so that no burst arises."""

    def __init__(self) -> None:
        self._buckets: list[set[Beating]] = [set() for _ in range(BUCKETS)]
        self._next = cycle(self._buckets)
        self._task: asyncio.Task[None] | None = None

    def join(self, socket: Beating) -> None:
        """Ping ``socket`` from now on."""
        min(self._buckets, key=len).add(socket)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="pulse")

    def leave(self, socket: Beating) -> None:
        """Ping ``socket`` no longer."""
        for bucket in self._buckets:
            bucket.discard(socket)

    async def _run(self) -> None:
        """Beat while anybody is here."""
        turns: Iterator[set[Beating]] = self._next
        while any(self._buckets):
            await asyncio.sleep(PULSE_S / BUCKETS)
            for socket in list(next(turns)):
                socket.beat()

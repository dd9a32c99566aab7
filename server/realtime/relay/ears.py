"""Which channels this node hears: those of the documents it has open, and that of all nodes."""

from __future__ import annotations

import asyncio
from collections import Counter

from storage.relay.bus import Bus


class Ears:
    """Counts who wants a channel, and lets the bus follow in a task of its own."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._wanted: Counter[str] = Counter()
        self._heard: set[str] = set()
        self._wake = asyncio.Event()

    def want(self, channel: str) -> None:
        """One more wants to hear this channel."""
        self._wanted[channel] += 1
        self._wake.set()

    def let_go(self, channel: str) -> None:
        """One fewer wants to hear this channel."""
        self._wanted[channel] -= 1
        if self._wanted[channel] <= 0:
            del self._wanted[channel]
        self._wake.set()

    async def run(self) -> None:
        """Follow for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            for channel in sorted(self._wanted.keys() - self._heard):
                self._heard.add(channel)
                await self._bus.listen(channel)
            for channel in sorted(self._heard - self._wanted.keys()):
                self._heard.discard(channel)
                await self._bus.ignore(channel)

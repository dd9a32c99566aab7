"""What waits to be said: collected while the words before are on their way.

N nodes cost N messages per edit and not more, because a node says everything that has come
together in one parcel per channel and one round trip. What cannot be said is dropped: the others
read the log.
"""

from __future__ import annotations

import asyncio
from collections import deque

import structlog

from server.realtime.relay.messages import ITEMS_MAX, AnyMessage, Parcel, encode
from storage.relay.bus import Bus
from storage.relay.unavailable import RelayUnavailable

WAITING_MAX = 10_000
"""Messages that wait while Redis is slow; the oldest of more are dropped."""

log = structlog.get_logger(__name__)


class Post:
    """The outgoing side of one node."""

    def __init__(self, node: str, bus: Bus) -> None:
        self._node = node
        self._bus = bus
        self._waiting: deque[tuple[str, AnyMessage]] = deque()
        self._wake = asyncio.Event()
        self._is_closed = False
        self.sent = 0
        self.dropped = 0

    def say(self, channel: str, message: AnyMessage) -> None:
        """Say it soon, unless nobody can hear anything now."""
        if self._is_closed or not self._bus.is_connected:
            self.dropped += 1
            return
        if len(self._waiting) >= WAITING_MAX:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append((channel, message))
        self._wake.set()

    async def close(self) -> None:
        """Take nothing more, and send what waits."""
        self._is_closed = True
        self._wake.set()
        await self.send()

    async def run(self) -> None:
        """Send what waits, until closed."""
        while not self._is_closed:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self.send()

    async def send(self) -> None:
        """Send what has come together so far; what fails is dropped."""
        by_channel: dict[str, list[AnyMessage]] = {}
        for _ in range(min(len(self._waiting), ITEMS_MAX)):
            channel, message = self._waiting.popleft()
            by_channel.setdefault(channel, []).append(message)
        packets = [
            (channel, encode(Parcel(node=self._node, items=tuple(items))))
            for channel, items in by_channel.items()
        ]
        count = sum(map(len, by_channel.values()))
        try:
            await self._bus.publish(packets)
        except RelayUnavailable as error:
            self.dropped += count
            log.debug("nothing was relayed", reason=str(error))
        else:
            self.sent += count

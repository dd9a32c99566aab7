"""Packets of bytes on channels: sent once to whoever listens now, kept nowhere.

A packet may be lost, doubled or late; nothing may rest on it. What rests on nothing else is that
the bus never ends: it comes back by itself when the server has, and says when it heard nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Protocol

from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from storage.relay.client import ANSWER_S, client_of
from storage.relay.unavailable import RelayUnavailable, explained

SILENCE_S = 4.0
"""Heard nothing for so long, not even oneself: the connection is taken for dead."""

PAUSE_S_MIN = 0.1
PAUSE_S_MAX = 2.0

Packet = tuple[str, bytes]
"""A channel and what is said on it."""

_AWAY = (RedisError, OSError, TimeoutError)


class Listener(Protocol):
    """Who hears what the bus brings; called in the bus's own task, so it must be quick."""

    def heard(self, channel: str, packet: bytes) -> None:
        """A packet came, from another process or from this one."""

    def listening(self, channel: str) -> None:
        """From now on packets on this channel come; what was said before is missed."""

    def lost(self, why: RelayUnavailable) -> None:
        """Nothing comes any more until the next ``listening``."""


class Bus(Protocol):
    """What the relay asks of a bus."""

    is_connected: bool

    async def listen(self, channel: str) -> None:
        """Hear a channel from soon on, and again after each reconnect."""

    async def ignore(self, channel: str) -> None:
        """Hear a channel no more."""

    async def publish(self, packets: Sequence[Packet]) -> None:
        """Say something, in one round trip.

        Raises:
            RelayUnavailable: it was not said, or perhaps it was.
        """

    async def claim(self, key: str, value: str, seconds: int) -> str:
        """Say under ``key`` that it is ``value``, for so long; what it says now.

        Raises:
            RelayUnavailable: nobody knows.
        """

    async def run(self) -> None:
        """Listen for ever."""

    async def close(self) -> None:
        """End all connections."""


class RedisBus:
    """The bus over Redis or Valkey."""

    def __init__(self, url: str, listener: Listener, jitter: Callable[[], float]) -> None:
        """``jitter`` draws from [0, 1): processes must not come back all at once.

        Raises:
            RelayRefused: the URL is none.
        """
        self._url = url
        self._client = client_of(url)
        self._listener = listener
        self._jitter = jitter
        self._wanted: set[str] = set()
        self._pubsub: PubSub | None = None
        self.is_connected = False

    async def listen(self, channel: str) -> None:
        self._wanted.add(channel)
        if self._pubsub is not None:
            with suppress(*_AWAY):  # whoever listens on this connection notices it, too
                await self._pubsub.subscribe(channel)

    async def ignore(self, channel: str) -> None:
        self._wanted.discard(channel)
        if self._pubsub is not None:
            with suppress(*_AWAY):
                await self._pubsub.unsubscribe(channel)

    async def publish(self, packets: Sequence[Packet]) -> None:
        try:
            async with self._client.pipeline(transaction=False) as pipe:
                for channel, packet in packets:
                    pipe.publish(channel, packet)
                await pipe.execute()
        except _AWAY as error:
            raise explained(error, self._url) from error

    async def claim(self, key: str, value: str, seconds: int) -> str:
        try:
            if await self._client.set(key, value, nx=True, ex=seconds):
                return value
            found = await self._client.get(key)
            if found in (None, value.encode()):  # None: it ended in between
                await self._client.set(key, value, ex=seconds)
                return value
            return found.decode() if isinstance(found, bytes) else str(found)
        except _AWAY as error:
            raise explained(error, self._url) from error

    async def run(self) -> None:
        """Connect, listen, and begin again whenever that ends."""
        pause_s = PAUSE_S_MIN
        while True:
            try:
                await self._listen()
            except _AWAY as error:
                if self.is_connected:
                    pause_s = PAUSE_S_MIN
                self._lose(explained(error, self._url))
            await asyncio.sleep(pause_s * (0.5 + self._jitter()))
            pause_s = min(PAUSE_S_MAX, 2 * pause_s)

    async def close(self) -> None:
        await self._client.aclose()

    async def _listen(self) -> None:
        """Hear what is said until the connection fails or is silent for too long."""
        pubsub = self._client.pubsub()
        try:
            async with asyncio.timeout(ANSWER_S):
                await pubsub.subscribe(*self._wanted)
            self._pubsub = pubsub
            if missing := self._wanted - _names(pubsub.channels):  # wanted while we connected
                await pubsub.subscribe(*missing)
            while True:
                message = await pubsub.get_message(timeout=SILENCE_S)
                if message is None:
                    raise TimeoutError("nothing was heard for too long")
                self._take(message)
        finally:
            self._pubsub = None
            await _end(pubsub)

    def _take(self, message: dict[str, Any]) -> None:
        channel = message["channel"].decode()
        if message["type"] == "message":
            self._listener.heard(channel, message["data"])
        elif message["type"] == "subscribe":
            self.is_connected = True
            self._listener.listening(channel)

    def _lose(self, why: RelayUnavailable) -> None:
        self.is_connected = False
        self._listener.lost(why)


async def _end(pubsub: PubSub) -> None:
    """Close a connection that may be broken already."""
    with suppress(*_AWAY):
        await pubsub.aclose()  # type: ignore[no-untyped-call]


def _names(channels: Iterable[bytes | str]) -> set[str]:
    return {name.decode() if isinstance(name, bytes) else name for name in channels}


def uniform() -> float:
    """The jitter of a real process."""
    return random.random()

"""One node's end of the relay: says what happens here, hears what happens elsewhere.

What a message means is not known here: parts of the node register for the kinds they understand
(``server.realtime.relay.wiring``).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import structlog

from server.realtime.draining import ended
from server.realtime.relay.channels import Channels
from server.realtime.relay.ears import Ears
from server.realtime.relay.messages import AnyMessage, Message, decode
from server.realtime.relay.post import Post
from storage.relay.bus import Bus, Listener
from storage.relay.unavailable import RelayUnavailable

log = structlog.get_logger(__name__)

Heard = TypeVar("Heard", bound=Message)
BusOf = Callable[[Listener], Bus]


class RelayState(StrEnum):
    """How this node is connected with the others."""

    NONE = "none"
    CONNECTED = "connected"
    AWAY = "away"
    REFUSED = "another-database"
    """Others serve the same address from another database (``server.realtime.relay.site``)."""


class Relay:
    """The relay as the parts of one node use it."""

    def __init__(self, installation: UUID, bus_of: BusOf) -> None:
        self.node = secrets.token_hex(8)
        self._channels = Channels(installation)
        self._bus = bus_of(self)
        self._post = Post(self.node, self._bus)
        self._handlers: dict[type[Message], Callable[[str, Any], None]] = {}
        self._ears = Ears(self._bus)
        self._tasks: list[asyncio.Task[None]] = []
        self.on_listening: list[Callable[[str | None], None]] = []
        """Told that a channel is heard from now on; ``None`` stands for that of all nodes."""
        self.on_lost: list[Callable[[], None]] = []
        self._is_away: bool | None = None
        """Whether it was said that the relay is away; ``None``: nothing was said yet."""
        self.is_refused: Callable[[], bool] = lambda: False
        self.received = 0
        self.reconnects = 0
        self.garbled = 0
        """Packets that were none."""

    # For the parts.

    @property
    def state(self) -> RelayState:
        if self.is_refused():
            return RelayState.REFUSED
        return RelayState.CONNECTED if self._bus.is_connected else RelayState.AWAY

    @property
    def bus(self) -> Bus:
        return self._bus

    @property
    def post(self) -> Post:
        return self._post

    @property
    def everybody(self) -> str:
        """The channel of all nodes."""
        return self._channels.everybody

    def on(self, kind: type[Heard], handler: Callable[[str, Heard], None]) -> None:
        """Let ``handler`` hear messages of this kind from other nodes, with the node's name."""
        self._handlers[kind] = handler

    def tell_all(self, message: AnyMessage) -> None:
        """Tell every other node."""
        self._post.say(self.everybody, message)

    def tell_of(self, document_id: UUID, message: AnyMessage) -> None:
        """Tell the nodes that have the document open."""
        self._post.say(self._channels.of(document_id), message)

    def opened(self, document_id: UUID) -> None:
        """The document is open here: hear what is said of it."""
        self._ears.want(self._channels.of(document_id))

    def closed(self, document_id: UUID) -> None:
        """The document is open here no more."""
        self._ears.let_go(self._channels.of(document_id))

    def is_heard(self, document_id: UUID, channel: str) -> bool:
        """Whether it is this channel that the document's messages come over."""
        return self._channels.of(document_id) == channel

    # Life.

    async def start(self) -> None:
        """Listen and speak from now on; whether somebody answers shows later."""
        self._ears.want(self.everybody)
        # The ears first: Redis takes a subscription to nothing for an error.
        parts = (("ears", self._ears.run), ("relay", self._bus.run), ("post", self._post.run))
        for name, run in parts:
            self._tasks.append(asyncio.create_task(run(), name=name))

    async def stop(self) -> None:
        """Say nothing and hear nothing any more; what waits to be said is said first."""
        await self._post.close()
        await ended(self._tasks)
        await self._bus.close()

    # What the bus tells (storage.relay.bus.Listener).

    def heard(self, channel: str, packet: bytes) -> None:
        parcel = decode(packet)
        if parcel is None:
            self.garbled += 1
            log.warning("a packet of the relay was not understood", bytes=len(packet))
            return
        if parcel.node == self.node:
            return
        self.received += len(parcel.items)
        for item in parcel.items:
            handler = self._handlers.get(type(item))
            if handler is not None:
                handler(parcel.node, item)

    def listening(self, channel: str) -> None:
        is_everybody = channel == self.everybody
        if is_everybody and self._is_away is True:
            self.reconnects += 1
        if is_everybody and self._is_away is not False:
            log.info("the relay is connected")
            self._is_away = False
        for each in self.on_listening:
            each(None if is_everybody else channel)

    def lost(self, why: RelayUnavailable) -> None:
        if self._is_away is not True:
            log.warning("the relay is away", reason=str(why))
        self._is_away = True
        for each in self.on_lost:
            each()

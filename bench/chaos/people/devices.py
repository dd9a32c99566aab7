"""People and their devices: one socket each, which comes back by itself.

A y-websocket device has one document per socket, a hocuspocus device may carry several.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from bench.chaos.machines.network import Farewell, Line, Parcel
from bench.chaos.people import wire
from bench.chaos.people.copies import Copy
from collab.sync.messages import (
    Ended,
    Outgoing,
    PermissionDenied,
)

if TYPE_CHECKING:
    from bench.chaos.world import World

STALE = "stale-document"
RETRY_S = 0.1
RETRY_S_MAX = 2.5


@dataclass
class Person:
    """Somebody with devices; ``None`` is a guest."""

    name: str
    id: UUID | None


@dataclass(eq=False)
class Device:
    """A browser tab or a program of one person; it has one socket, and comes back by itself."""

    world: World
    person: Person
    name: str
    dice: Random
    is_hocuspocus: bool
    documents: list[UUID]
    slack: int
    copies: dict[UUID, Copy] = field(default_factory=dict)
    line: Line | None = None
    is_open: bool = False
    is_offline: bool = False
    _retries: int = 0

    def come(self) -> None:
        """Open the page: a copy of each document at its present epoch, then a connection."""
        for document in self.documents:
            self.copies[document] = Copy(self, document, self.world.epoch(document))
        self.connect()

    def connect(self) -> None:
        """Ask for a connection; it opens after a while, if somebody serves."""
        if self.is_offline or self.line is not None:
            return
        self.line = self.world.dial(self)
        if self.line is None:
            self._come_back()
            return
        line = self.line
        self.world.loop.call_later(self.dice.expovariate(50), self._opened, line)

    def go_offline(self, for_s: float) -> None:
        """No connection for a while; people go on typing."""
        self.is_offline = True
        self._hang_up()
        self.world.loop.call_later(for_s, self.go_online)

    def go_online(self) -> None:
        if self.is_offline:
            self.is_offline = False
            self.connect()

    def reconnect(self) -> None:
        """Leave this connection for a new one."""
        self._hang_up()
        self._come_back()

    def lose(self) -> None:
        """The connection breaks, and both ends notice it in their own time."""
        if self.line is not None:
            self.line.cut(
                client_after_s=self.dice.choice((0.0, 0.5, 10.0, 30.0)) * self.dice.random(),
                server_after_s=self.dice.choice((0.0, 0.5, 20.0, 45.0)) * self.dice.random(),
            )

    def say(self, data: bytes) -> None:
        if self.is_open and self.line is not None:
            self.line.to_server.put(data)

    def take(self, line: Line) -> Callable[[Parcel], None]:
        """What to do with what arrives on this line."""

        def arrived(parcel: Parcel) -> None:
            if line is not self.line:
                return
            if isinstance(parcel, Farewell):
                self._closed(parcel)
            else:
                self._hear(parcel)

        return arrived

    def _opened(self, line: Line) -> None:
        if line is not self.line or self.is_open:
            return
        self.is_open = True
        self.world.trace.note(f"open {self.name}")
        for copy in self.copies.values():
            copy.opened()

    def _hear(self, data: bytes) -> None:
        self.world.trace.note(f"hear {self.name}", data)
        if not self.is_open:
            self._opened_by_word()
        address, message = wire.heard(data, is_hocuspocus=self.is_hocuspocus)
        for copy in list(self.copies.values()):
            if address is None or address == copy.address:
                self._retries = 0
                self._take(copy, message)

    def _opened_by_word(self) -> None:
        """The server may speak first; whoever hears it has a connection."""
        if self.line is not None:
            self._opened(self.line)

    def _take(self, copy: Copy, message: Outgoing) -> None:
        if isinstance(message, PermissionDenied) and message.reason == STALE:
            self._renew(copy)
        elif isinstance(message, PermissionDenied | Ended):
            self.reconnect()
        else:
            copy.hear(message)

    def _closed(self, farewell: Farewell) -> None:
        self.world.trace.note(f"closed {self.name} {farewell.code} {farewell.reason}")
        self._hang_up()
        if farewell.reason == STALE:
            for copy in self.copies.values():
                self._renew(copy)
        self._come_back()

    def _renew(self, copy: Copy) -> None:
        """The document was rewritten: the page is loaded anew, with an empty copy."""
        document = copy.key[0]
        if self.world.epoch(document) != copy.key[1]:
            self.copies[document] = Copy(self, document, self.world.epoch(document))
        self.reconnect()

    def _hang_up(self) -> None:
        line, self.line = self.line, None
        self.is_open = False
        if line is not None:
            line.to_client.is_cut = True
            self.world.hung_up(line, self.dice)

    def _come_back(self) -> None:
        """Try again after a while that grows with each failure."""
        self.line = None
        self._retries += 1
        longest_s = min(RETRY_S_MAX, RETRY_S * 2**self._retries)
        self.world.loop.call_later(longest_s * self.dice.random(), self.connect)

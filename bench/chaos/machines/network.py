"""Connections: in order while they hold, cut at any moment, slow, held up, noticed late."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bench.chaos.machines.loop import VirtualLoop

NEXT_S = 1e-6
"""What follows on a connection arrives later than what went before."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """The other end has closed the connection, after everything it had sent."""

    code: int
    reason: str


Parcel = bytes | Farewell


class Channel:
    """One direction of a connection."""

    def __init__(
        self, loop: VirtualLoop, delay: Callable[[], float], deliver: Callable[[Parcel], None]
    ) -> None:
        self.is_held = False
        self.is_cut = False
        self.on_flowing: Callable[[], None] = lambda: None
        self._loop = loop
        self._delay = delay
        self._deliver = deliver
        self._held: deque[Parcel] = deque()
        self._arrives_at = 0.0

    @property
    def waiting(self) -> int:
        """How much has been held up."""
        return len(self._held)

    def put(self, parcel: Parcel) -> None:
        """Send something; it arrives after all that was sent before, or never."""
        if self.is_cut:
            return
        self._arrives_at = max(self._loop.now + self._delay(), self._arrives_at + NEXT_S)
        self._loop.call_at(self._arrives_at, self._arrive, parcel)

    def release(self) -> None:
        """Let through what was held up."""
        self.is_held = False
        while self._held and not self.is_cut:
            self._deliver(self._held.popleft())
        self.on_flowing()

    def _arrive(self, parcel: Parcel) -> None:
        if self.is_cut:
            return
        if self.is_held:
            self._held.append(parcel)
        else:
            self._deliver(parcel)


class Line:
    """A connection as both ends see it; who loses it is told by ``Farewell(1006)``."""

    def __init__(self, loop: VirtualLoop, delay: Callable[[], float]) -> None:
        self._loop = loop
        self._client: Callable[[Parcel], None] = lambda _: None
        self._server: Callable[[Parcel], None] = lambda _: None
        self.to_server = Channel(loop, delay, lambda parcel: self._server(parcel))
        self.to_client = Channel(loop, delay, lambda parcel: self._client(parcel))

    def connect(self, client: Callable[[Parcel], None], server: Callable[[Parcel], None]) -> None:
        """These take what arrives at the two ends."""
        self._client, self._server = client, server

    def hold(self, for_s: float, *, both: bool) -> None:
        """Nothing arrives at the client for a while, nor at the server with ``both``."""
        for channel in (self.to_client, self.to_server) if both else (self.to_client,):
            channel.is_held = True
            self._loop.call_later(for_s, channel.release)

    @property
    def flows(self) -> bool:
        """Whatever is sent arrives."""
        channels = (self.to_client, self.to_server)
        return not any(channel.is_held or channel.is_cut for channel in channels)

    def release(self) -> None:
        """End every hold-up."""
        self.to_server.release()
        self.to_client.release()

    def cut(self, *, client_after_s: float, server_after_s: float) -> None:
        """Nothing gets through from now on; each end notices in its own time."""
        lost = Farewell(1006, "")
        self.to_server.is_cut = self.to_client.is_cut = True
        self._loop.call_later(client_after_s, lambda: self._client(lost))
        self._loop.call_later(server_after_s, lambda: self._server(lost))

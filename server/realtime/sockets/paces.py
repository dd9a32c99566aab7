"""How fast peers may be: a socket, and all sockets of one person together."""

from __future__ import annotations

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary

from server.monitoring.metrics.hot import TALLY
from server.network.holds import PACE
from server.network.pace import Bucket, Pace
from server.network.wire import Wire

FRAMES_PER_S = 150
FRAMES_BURST = 600
BYTES_PER_S = 1_048_576
BYTES_BURST = 4 * 1_048_576

PERSON_SHARE = 4
"""All sockets of one person together may do so many times as much as one."""


class Brake:
    """Holds a wire for a while; of several whiles at once the longest counts."""

    __slots__ = ("_loop", "_until", "_wire")

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._loop = asyncio.get_running_loop()
        self._until = 0.0

    def hold_for(self, seconds: float) -> None:
        """Read nothing for so long; 0.0 does nothing."""
        until = self._loop.time() + seconds
        if seconds <= 0 or until <= self._until:
            return
        TALLY.paced += 1
        if not self._until:
            self._loop.call_at(until, self._let_go)
        self._until = until
        self._wire.hold(PACE)

    def _let_go(self) -> None:
        if self._loop.time() < self._until:
            self._loop.call_at(self._until, self._let_go)
            return
        self._until = 0.0
        self._wire.release(PACE)


class SharedPace(Pace):
    """The pace of one person; lives as long as a socket of his refers to it."""

    __slots__ = ("__weakref__",)


def message_pace(now: float) -> Pace:
    """The pace of one socket."""
    return Pace(Bucket(FRAMES_PER_S, FRAMES_BURST, now), Bucket(BYTES_PER_S, BYTES_BURST, now))


class SharedPaces:
    """The paces of the people who are here."""

    def __init__(self) -> None:
        self._paces: WeakValueDictionary[UUID, SharedPace] = WeakValueDictionary()

    def of(self, person_id: UUID, now: float) -> SharedPace:
        """The pace that all sockets of this person share."""
        pace = self._paces.get(person_id)
        if pace is None:
            pace = SharedPace(
                Bucket(FRAMES_PER_S * PERSON_SHARE, FRAMES_BURST * PERSON_SHARE, now),
                Bucket(BYTES_PER_S * PERSON_SHARE, BYTES_BURST * PERSON_SHARE, now),
            )
            self._paces[person_id] = pace
        return pace

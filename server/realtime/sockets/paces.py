"""How fast peers may be: a socket, and all sockets of one person together."""

from __future__ import annotations

from uuid import UUID
from weakref import WeakValueDictionary

from server.network.pace import Bucket, Pace

FRAMES_PER_S = 150
FRAMES_BURST = 600
BYTES_PER_S = 1_048_576
BYTES_BURST = 4 * 1_048_576

PERSON_SHARE = 4
"""All sockets of one person together may do so many times as much as one."""


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

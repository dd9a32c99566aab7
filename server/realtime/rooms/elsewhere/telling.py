"""Tells who is in a room and where: its own people, and the other processes.

Both hear of it at most once a beat. The others hear what has changed here, and regularly, or when
one of them asks, all there is: whoever has missed something knows it then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final
from uuid import UUID

from collab.sync.rooms.elsewhere import Seats
from collab.sync.rooms.room import Room
from server.realtime.rooms import beat
from server.realtime.rooms.audience import Audience
from server.realtime.rooms.beat import Beat
from server.realtime.rooms.inbox import Inbox
from server.realtime.rooms.items import Item, Look

REPEAT_S: Final = 5.0
"""All there is, is repeated this often while somebody is here."""
ANSWER_S: Final = 0.25
"""However many ask for all there is, it is told at most this often."""

_SERIALS: Final[Iterator[int]] = count(1)
"""Of this process: also a room that is opened again tells newer things than before."""


@dataclass(slots=True)
class Outlet:
    """How rooms reach other processes; while there are none, nobody hears them."""

    on_seats: Callable[[UUID, Seats], None] = lambda _document, _seats: None
    on_question: Callable[[UUID], None] = lambda _document: None
    """Told that a room is open and wants to know who is in the document elsewhere."""
    on_people: Callable[[UUID], None] = lambda _document: None
    """Told that somebody may have come into the room or left it."""


class Telling:
    """The presence of one open room, as it is told."""

    def __init__(
        self,
        document_id: UUID,
        room: Room,
        audience: Audience,
        inbox: Inbox[Item],
        outlet: Outlet,
        now: float,
    ) -> None:
        self._document_id = document_id
        self._room = room
        self._audience = audience
        self._inbox = inbox
        self._outlet = outlet
        self._beat = Beat(*beat.PRESENCE, now)
        self._repeated_at = now
        self._is_asked = False
        self._was_anybody_here = False
        self._is_woken = False
        outlet.on_question(document_id)

    # What other processes say: taken at once, told in the room's next turn.

    def hear(self, node: str, seats: Seats) -> None:
        """Another process tells of its seats."""
        self._room.shown.hear(node, seats, asyncio.get_running_loop().time())
        self._wake()

    def forget(self, node: str) -> None:
        """Another process has gone."""
        self._room.shown.forget(node)
        self._wake()

    def repeat(self) -> None:
        """Another process asks for all there is."""
        self._is_asked = True
        self._wake()

    # What the room does in its turns.

    def tell(self, now: float) -> None:
        """Tell what has changed, unless that was done a moment ago."""
        self._is_woken = False
        shown = self._room.shown
        if shown.has_changed and not self._due_in_s(now):
            self._beat.last = now
            self._audience.perform(self._room.spread_presence())
            self._say(whole=False)
        if self._repeat_in_s(now) <= 0:
            self._repeated_at, self._is_asked = now, False
            self._was_anybody_here = shown.is_anybody_here
            self._say(whole=True)

    def expire(self, now: float) -> None:
        """Tell of those who have left for good."""
        self._audience.perform(self._room.expire(now))

    def due_in_s(self, now: float) -> float:
        """Seconds until there is something to do."""
        due = [self._repeat_in_s(now)]
        if self._room.shown.has_changed:
            due.append(self._due_in_s(now))
        expiry = self._room.shown.next_expiry()
        if expiry is not None:
            due.append(expiry - now)
        return min(due)

    def close(self) -> None:
        """The room is open no more: nobody is here."""
        self._say(whole=True)

    # Helpers.

    def _due_in_s(self, now: float) -> float:
        return self._beat.due_in_s(len(self._audience.clients), now)

    def _repeat_in_s(self, now: float) -> float:
        """Seconds until all there is is told; that nobody is here is told once."""
        if not (self._is_asked or self._was_anybody_here or self._room.shown.is_anybody_here):
            return float("inf")
        return self._repeated_at + (ANSWER_S if self._is_asked else REPEAT_S) - now

    def _say(self, *, whole: bool) -> None:
        for seats in self._room.shown.news(_SERIALS, whole=whole):
            self._outlet.on_seats(self._document_id, seats)
            self._outlet.on_people(self._document_id)

    def _wake(self) -> None:
        if not self._is_woken:
            self._is_woken = True
            self._inbox.signal(Look())

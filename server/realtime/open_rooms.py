"""The open rooms of this process: one task each, opened once however many come at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from server.realtime.rooms.elsewhere.company import Counts
from server.realtime.rooms.elsewhere.telling import Outlet
from server.realtime.rooms.elsewhere.written import Written
from server.realtime.rooms.items import Item, RoomClosed
from server.realtime.rooms.ledger import Ledger
from server.realtime.rooms.live_room import LiveRoom

Answer = TypeVar("Answer")

ROOMS_MAX = 10_000


class NotAdmitted(Exception):
    """The session may not enter; ``reason`` is a code for the client."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OpenRooms:
    """Rooms by document. A room that has closed is made anew by the next who comes."""

    def __init__(
        self,
        ledger_of: Callable[[UUID], Ledger],
        spawn: Callable[[Coroutine[Any, Any, None], str], None],
    ) -> None:
        """``spawn`` runs a room in a task that its caller ends."""
        self._ledger_of = ledger_of
        self._spawn = spawn
        self.counts = Counts()
        self.outlet = Outlet()
        self.on_opened: Callable[[UUID], None] = lambda _document: None
        self.on_closed: Callable[[UUID], None] = lambda _document: None
        self.on_written: Callable[[UUID, Written], None] = lambda _document, _written: None
        self._rooms: dict[UUID, LiveRoom] = {}

    def __iter__(self) -> Iterator[LiveRoom]:
        """Those that are open now; they may close meanwhile."""
        return iter([room for room in self._rooms.values() if room.is_open])

    def states(self) -> Counter[str]:
        """How many rooms are loading and open."""
        return Counter(room.state.value for room in self._rooms.values())

    def get(self, document_id: UUID) -> LiveRoom | None:
        """The document's room, if it is open."""
        room = self._rooms.get(document_id)
        return room if room is not None and room.is_open else None

    async def open(self, document_id: UUID) -> LiveRoom:
        """The open room of a document; loads it if need be.

        Raises:
            DocumentAbsent, DocumentUnreadable: from the load.
            NotAdmitted: this process has as many rooms as it takes.
        """
        room = self._rooms.get(document_id)
        if room is None or room.is_closed:
            if len(self._rooms) >= ROOMS_MAX:
                raise NotAdmitted("try-again")
            is_new = room is None
            ledger, told = self._ledger_of(document_id), partial(self._told, document_id)
            room = self._rooms[document_id] = LiveRoom(ledger, self.counts, told, self.outlet)
            self._spawn(self._run(room), f"room {document_id}")
            if is_new:
                self.on_opened(document_id)
        await asyncio.shield(room.ready)
        return room

    async def ask(
        self, document_id: UUID, item: Callable[[asyncio.Future[Answer]], Item]
    ) -> Answer:
        """Give the document's room an item that carries a future, and wait for the answer.

        Raises:
            RoomClosed: the room failed twice under the question.
        """
        for is_last in (False, True):
            room = await self.open(document_id)
            answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            room.inbox.signal(item(answer))
            try:
                return await answer
            except RoomClosed:
                if is_last:
                    raise
        raise AssertionError("unreachable")

    def signal(self, document_id: UUID, item: Item) -> None:
        """Give the document's room an item, if there is one."""
        if (room := self._rooms.get(document_id)) is not None:
            room.inbox.signal(item)

    def signal_all(self, item: Item) -> None:
        """Give every open room an item."""
        for room in self:
            room.inbox.signal(item)

    def take_written(self, document_id: UUID, written: Written) -> None:
        """Hand a turn of another process to the document's room, if there is one."""
        if (room := self._rooms.get(document_id)) is not None and not room.is_closed:
            room.mail.put(written)

    def _told(self, document_id: UUID, written: Written) -> None:
        self.on_written(document_id, written)

    async def _run(self, room: LiveRoom) -> None:
        try:
            await room.run()
        finally:
            if self._rooms.get(room.document_id) is room:
                del self._rooms[room.document_id]
                self.on_closed(room.document_id)

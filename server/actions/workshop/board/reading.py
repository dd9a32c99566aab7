"""The board of a workshop as it is now, and who stands before it."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary, WeakValueDictionary

from collab.errors import Conflict
from collab.process.actors import Actor
from collab.process.workshop.standing import Standing
from collab.sync.boards.board import Board, Note, read_board
from server.actions.workshop.places import Place, enter_workshop
from server.realtime.crash.record import Phase, noted
from server.realtime.holders import DocumentKind
from server.realtime.rooms.loading import DocumentUnreadable, load
from server.services import Services
from storage import documents
from storage.database import Database, Transaction
from storage.documents import Head
from storage.workshop import workshops
from storage.workshop.workshops import Workshop

KEPT_MAX: Final = 8
YOUNG_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A board at one version, with whose each client id is."""

    head: Head
    board: Board
    owners: Mapping[int, UUID | None]

    def author(self, note: Note) -> UUID | None:
        """Who wrote the note; None if nobody knows."""
        return self.owners.get(note.client)


class Kept:
    """The boards of one database that were read last, each read by one at a time."""

    def __init__(self) -> None:
        self._boards: OrderedDict[UUID, tuple[float, Shown]] = OrderedDict()
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    def lock(self, document_id: UUID) -> asyncio.Lock:
        """Held by who reads the board."""
        return self._locks.setdefault(document_id, asyncio.Lock())

    def young(self, document_id: UUID) -> Shown | None:
        """The board as it was within the last second."""
        at, shown = self._boards.get(document_id, (-math.inf, None))
        return shown if asyncio.get_running_loop().time() - at < YOUNG_S else None

    def at(self, head: Head) -> Shown | None:
        """The board as it is at this head."""
        _, shown = self._boards.get(head.id, (0.0, None))
        is_same = shown is not None and (shown.head.epoch, shown.head.seq) == (head.epoch, head.seq)
        return shown if is_same else None

    def keep(self, shown: Shown) -> None:
        self._boards[shown.head.id] = (asyncio.get_running_loop().time(), shown)
        self._boards.move_to_end(shown.head.id)
        while len(self._boards) > KEPT_MAX:
            self._boards.popitem(last=False)


_of_databases: WeakKeyDictionary[Database, Kept] = WeakKeyDictionary()


async def board_of(services: Services, document_id: UUID, *, is_exact: bool = True) -> Shown:
    """The board with everything that was written until now.

    Unless it must be exact it may be a second old: when a step begins, forty pages ask at once
    what stands beside their notes, while people go on typing.

    Raises:
        Conflict: (unreadable-document) it cannot be read.
    """
    kept = _of_databases.setdefault(services.database, Kept())
    if not is_exact and (young := kept.young(document_id)):
        return young
    async with kept.lock(document_id):
        if not is_exact and (young := kept.young(document_id)):
            return young
        return await _read(services, document_id, kept)


async def _read(services: Services, document_id: UUID, kept: Kept) -> Shown:
    try:
        await services.hub.flush(document_id)
        async with services.database.read() as tx:
            head = (await documents.heads(tx, [document_id]))[document_id]
            if found := kept.at(head):
                return found
            loaded = await load(tx, document_id)
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error
    head = loaded.head
    with noted(head.id, head.epoch, head.seq, Phase.READ):
        board = read_board(loaded.document, with_makers=True)
    made = Shown(head, board, loaded.owners)
    kept.keep(made)
    return made


async def board_id(tx: Transaction, workshop_id: UUID) -> UUID:
    """The document of the workshop's board."""
    return (await workshops.documents(tx, workshop_id))[DocumentKind.BOARD]


async def at_board(tx: Transaction, actor: Actor, code: str, now: datetime) -> Place:
    """The workshop for somebody who is about to do something at its board.

    Raises:
        NotAllowed: (join-first, removed-from-workshop) he does not take part.
        Conflict: (workshop-over) nothing arrives there any more; (hands-down) all hands rest now,
            but for those who lead.
    """
    place = await enter_workshop(tx, actor, code)
    if place.workshop.expires_at <= now:
        raise Conflict("workshop-over")
    if place.workshop.is_frozen and place.standing is not Standing.FACILITATOR:
        raise Conflict("hands-down")
    return place


def require_going_on(workshop: Workshop) -> None:
    """Raise Conflict (workshop-over) once the evening has ended."""
    if workshop.ended_at is not None:
        raise Conflict("workshop-over")

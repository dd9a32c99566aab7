"""The board of a workshop as it is now, and who stands before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

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


@dataclass(frozen=True, slots=True)
class Shown:
    """A board at one version, with whose each client id is."""

    head: Head
    board: Board
    owners: Mapping[int, UUID | None]

    def author(self, note: Note) -> UUID | None:
        """Who wrote the note; None if nobody knows."""
        return self.owners.get(note.client)


_kept: WeakKeyDictionary[Database, dict[UUID, Shown]] = WeakKeyDictionary()
"""The boards that were read last: dots and pages ask for the same one again and again."""


async def board_of(services: Services, document_id: UUID) -> Shown:
    """The board with everything that was written until now.

    Raises:
        Conflict: (unreadable-document) it cannot be read.
    """
    kept = _kept.setdefault(services.database, {})
    try:
        await services.hub.flush(document_id)
        async with services.database.read() as tx:
            head = (await documents.heads(tx, [document_id]))[document_id]
            found = kept.get(document_id)
            if found is not None and (found.head.epoch, found.head.seq) == (head.epoch, head.seq):
                return found
            loaded = await load(tx, document_id)
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error
    head = loaded.head
    with noted(head.id, head.epoch, head.seq, Phase.READ):
        board = read_board(loaded.document, with_makers=True)
    made = Shown(head, board, loaded.owners)
    kept.pop(document_id, None)
    kept[document_id] = made
    while len(kept) > KEPT_MAX:
        del kept[next(iter(kept))]
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

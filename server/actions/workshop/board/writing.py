"""Notes and groups written by forms and programs: each act is a change in the person's name."""

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor
from collab.process.workshop.notes import (
    check_colour,
    check_note_id,
    check_note_text,
    check_title,
)
from collab.sync.boards import writing
from collab.sync.boards.board import GROUPS_MAX, NOTES_MAX, read_board
from collab.sync.boards.writing import NewNote
from collab.sync.document import Document
from collab.sync.refusals import FrameRefused
from collab.sync.rooms.turns import ServerChange
from server.actions.access import known
from server.actions.live.moderation import unused_client
from server.actions.workshop.board.reading import at_board, board_id
from server.auth import limits
from server.realtime.rooms.loading import DocumentUnreadable
from server.services import Services
from storage import documents

Change = Callable[[Document, int], bytes | None]
TRIES: Final = 3
"""So often a change is made anew when rights at the board have moved under it."""


async def write_note(
    services: Services,
    actor: Actor,
    code: str,
    note_id: str,
    *,
    text: str,
    colour: str,
    group: str | None = None,
) -> None:
    """Put a note on the board; sent twice it is there once.

    Raises:
        Conflict: (board-full) it holds no more.
    """
    name, paper = check_note_id(note_id), check_colour(colour)
    note = NewNote(name, check_note_text(text), paper, check_note_id(group) if group else None)
    await change_board(services, actor, code, partial(_add_note, note=note))


async def add_group(
    services: Services, actor: Actor, code: str, group_id: str, *, title: str
) -> None:
    """Make a group; sent twice it is there once.

    Raises:
        Conflict: (board-full) there are enough groups.
    """
    name, shown = check_note_id(group_id), check_title(title)
    await change_board(services, actor, code, partial(_add_group, group_id=name, title=shown))


async def edit_note(services: Services, actor: Actor, code: str, note_id: str, text: str) -> None:
    """Write other words on a note, or give a group another title; its author stays who he is."""
    stored = check_note_text(text)
    await change_note(
        services, actor, code, note_id, lambda doc, client: writing.set_text(
            doc, note_id, stored, client
        ),
    )  # fmt: skip


async def group_note(
    services: Services, actor: Actor, code: str, note_id: str, group: str | None
) -> None:
    """Put a note into a group, or out of it."""
    attributes = {"group": check_note_id(group, "group") if group else None}
    await change_note(
        services, actor, code, note_id, lambda doc, client: writing.set_attributes(
            doc, note_id, attributes, client
        ),
    )  # fmt: skip


async def remove_note(services: Services, actor: Actor, code: str, note_id: str) -> None:
    """Take a note or group off the board; the notes of a group stay."""
    await change_note(
        services, actor, code, note_id, lambda doc, client: writing.remove(doc, note_id, client)
    )


async def change_note(
    services: Services, actor: Actor, code: str, note_id: str, change: Change
) -> None:
    """Change a note that must be there.

    Raises:
        NotFound: (no-such-note) it is not there, or not any more.
    """
    check_note_id(note_id)

    def make(document: Document, client: int) -> bytes | None:
        board = read_board(document)
        if board.note(note_id) is None and board.group(note_id) is None:
            raise NotFound("no-such-note")
        return change(document, client)

    await change_board(services, actor, code, make)


async def change_board(services: Services, actor: Actor, code: str, change: Change) -> None:
    """Let the actor change the board as it is at that moment."""
    await services.limiter.hit(limits.NOTE_PER_PERSON, "note", str(actor.person_id))
    async with services.database.read() as tx:
        place = await at_board(tx, actor, code, services.clock())
        document_id = await board_id(tx, place.workshop.id)
    await bring(services, document_id, known(actor), change)


async def bring(
    services: Services,
    document_id: UUID,
    person_id: UUID | None,
    change: Change,
    client: int | None = None,
) -> None:
    """Bring a change onto a board in a person's name, under ``client`` or a new client id.

    Raises:
        Conflict: (board-refused) the board did not take it.
    """
    used = unused_client(()) if client is None else client
    refusal: list[Exception] = []

    def make(document: Document) -> bytes | None:
        # What a change refuses is told to who asked, not to the room, which it does not concern.
        try:
            return change(document, used)
        except (Conflict, NotFound) as error:
            refusal.append(error)
            return None

    for left in reversed(range(TRIES)):
        async with services.database.read() as tx:
            head = (await documents.heads(tx, [document_id]))[document_id]
        refusal.clear()
        writing_it = ServerChange(make, person_id, head.epoch, head.access_version)
        try:
            await services.hub.apply_server_change(document_id, writing_it)
        except (FrameRefused, DocumentUnreadable) as error:
            if left == 0:
                raise Conflict("board-refused") from error
            continue
        if refusal:
            raise refusal[-1]
        return


def _add_note(document: Document, client: int, *, note: NewNote) -> bytes | None:
    board = read_board(document)
    if board.note(note.id) is None and len(board.notes) >= NOTES_MAX:
        raise Conflict("board-full", most=NOTES_MAX)
    return writing.add_notes(document, [note], client)


def _add_group(document: Document, client: int, *, group_id: str, title: str) -> bytes | None:
    board = read_board(document)
    if board.group(group_id) is None and len(board.groups) >= GROUPS_MAX:
        raise Conflict("board-full", most=GROUPS_MAX)
    return writing.add_group(document, group_id, title, client)

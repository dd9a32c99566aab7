"""Silent writing: notes that nobody else sees until all of them are shown together.

They are shown in two steps. First silence ends, in one transaction; then each author's notes come
onto the board in his name, all at the same time. Whoever dies in between leaves notes that the
clock finds; the client id that they were given says which of them are there already.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.events.gathering.boards import NotesShown
from collab.process.workshop.notes import (
    SILENT_NOTES_MAX,
    check_colour,
    check_note_id,
    check_note_text,
)
from collab.sync.boards.board import NOTES_MAX, read_board
from collab.sync.boards.writing import NewNote, add_notes
from collab.sync.document import Document
from collab.sync.yjs.update import parse_state_vector
from server.actions.access import known
from server.actions.live.moderation import unused_client
from server.actions.workshop.board.reading import at_board, board_id
from server.actions.workshop.board.writing import bring, write_note
from server.actions.workshop.opening import tell_workshop
from server.actions.workshop.places import lead_workshop
from server.auth import limits
from server.services import Services
from storage.workshop import silent, workshops
from storage.workshop.silent import SilentNote


async def add_note(
    services: Services,
    actor: Actor,
    code: str,
    note_id: str,
    *,
    text: str,
    colour: str,
    group: str | None = None,
) -> bool:
    """Write a note: hidden while the workshop writes silently, else onto the board.

    Sent twice it is one note. Returns whether it is hidden.

    Raises:
        Conflict: (too-many-silent) so many of one person wait already.
    """
    name, stored, paper = check_note_id(note_id), check_note_text(text), check_colour(colour)
    await services.limiter.hit(limits.NOTE_PER_PERSON, "silent", str(actor.person_id))
    now, person_id = services.clock(), known(actor)
    async with services.database.write() as tx:
        workshop = (await at_board(tx, actor, code, now)).workshop
        before = await silent.get(tx, workshop.id, name)
        if before is not None:
            if before.author_id != person_id:
                raise Invalid(fields={"id": "malformed"})
            # It came before; what stands there, or was shown since, is not doubled.
            return before.brought_at is None
        if workshop.is_silent:
            if await silent.count(tx, workshop.id, person_id) >= SILENT_NOTES_MAX:
                raise Conflict("too-many-silent", most=SILENT_NOTES_MAX)
            is_hidden = await silent.add(
                tx, workshop.id, name, person_id, text=stored, colour=paper, now=now
            )
            document_id = await board_id(tx, workshop.id)
    if workshop.is_silent:
        # Nobody reads it, but walls count it.
        services.hub.tell_changed(document_id)
        return is_hidden
    await write_note(services, actor, code, name, text=stored, colour=paper, group=group)
    return False


async def change_silent(
    services: Services, actor: Actor, code: str, note_id: str, *, text: str, colour: str
) -> None:
    """Write one's own hidden note anew.

    Raises:
        NotFound: (no-such-note) it is not there, or is shown by now.
    """
    stored, paper = check_note_text(text), check_colour(colour)
    async with services.database.write() as tx:
        workshop = (await at_board(tx, actor, code, services.clock())).workshop
        name, person_id = check_note_id(note_id), known(actor)
        if not await silent.change(tx, workshop.id, name, person_id, text=stored, colour=paper):
            raise NotFound("no-such-note")


async def remove_silent(services: Services, actor: Actor, code: str, note_id: str) -> None:
    """Take one's own hidden note away.

    Raises:
        NotFound: (no-such-note) it is not there, or is shown by now.
    """
    async with services.database.write() as tx:
        workshop = (await at_board(tx, actor, code, services.clock())).workshop
        if not await silent.remove(tx, workshop.id, check_note_id(note_id), known(actor)):
            raise NotFound("no-such-note")
        document_id = await board_id(tx, workshop.id)
    services.hub.tell_changed(document_id)


async def show_notes(services: Services, actor: Actor, code: str) -> None:
    """End silent writing and bring all notes onto the board; again is fine."""
    now = services.clock()
    async with services.database.write() as tx:
        workshop = (await lead_workshop(tx, actor, code)).workshop
        event = None
        if workshop.is_silent:
            await workshops.change(tx, workshop.id, {"is_silent": False})
            fact = NotesShown(workshop.id, workshop.code)
            event = await tell_workshop(tx, fact, actor, now)
    await bring_silent(services, workshop.id)
    if event is not None:
        await services.announcer.announce([event])


async def bring_silent(services: Services, workshop_id: UUID) -> None:
    """Bring onto the board what waits in a workshop that is silent no longer; the clock's as well.

    Whoever is second, or comes after a crash, writes nothing twice.
    """
    async with services.database.write() as tx:
        workshop = await workshops.locked(tx, workshop_id)
        if workshop is None or workshop.is_silent:
            return
        for author_id in {row.author_id for row in await silent.waiting(tx, workshop_id)}:
            await silent.assign(tx, workshop_id, author_id, unused_client(()))
        waiting = await silent.waiting(tx, workshop_id)
        document_id = await board_id(tx, workshop_id)
    by_client: dict[int, list[SilentNote]] = defaultdict(list)
    for row in waiting:
        assert row.client is not None, "all were just given one"
        by_client[row.client].append(row)
    # Together, so that they come onto the board in one turn or few.
    answers = await asyncio.gather(
        *(_bring(services, document_id, rows) for rows in by_client.values()),
        return_exceptions=True,
    )
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer


async def _bring(services: Services, document_id: UUID, rows: Sequence[SilentNote]) -> None:
    """The notes of one client id, as far as the board holds them."""
    client, author_id, workshop_id = rows[0].client, rows[0].author_id, rows[0].workshop_id
    assert client is not None, "they were given one"
    notes = [NewNote(row.id, row.text, row.colour) for row in rows]
    await bring(services, document_id, author_id, partial(_add_once, notes=notes), client)
    async with services.database.write() as tx:
        await silent.brought(tx, workshop_id, [row.id for row in rows], services.clock())


def _add_once(document: Document, client: int, *, notes: Sequence[NewNote]) -> bytes | None:
    if client in parse_state_vector(document.state_vector()):
        return None
    board = read_board(document)
    if len(board.notes) + len(notes) > NOTES_MAX:
        raise Conflict("board-full", most=NOTES_MAX)
    return add_notes(document, notes, client)

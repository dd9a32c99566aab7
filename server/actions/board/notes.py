"""Internal notes on an idea: a live document of their own, made when they are opened first."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from collab.errors import NotFound
from collab.process.actors import Actor
from collab.process.events.board import NotesOpened
from collab.process.permissions import Action
from collab.sync.address import DocumentAddress
from collab.sync.document import Document
from collab.sync.schema import SERVER_CLIENT
from server.actions.cases import Case, acting_case, open_case, tell
from server.realtime.holders import DocumentKind, notes_schema
from server.services import Services
from storage import documents
from storage.database import Transaction
from storage.process.board import notes

SCHEMA_NUMBER: Final = 1


@dataclass(frozen=True, slots=True)
class Notes:
    """An idea's notes and where sockets find them."""

    case: Case
    document_id: UUID
    address: str


async def open_notes(services: Services, actor: Actor, ref: str) -> Notes:
    """The notes on an idea for somebody who may write them; begun if there are none yet.

    Opening them again, also by two people at once, finds the same document.
    """
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.WRITE_NOTES)
        if await notes.of_idea(tx, case.idea.id) is not None:
            return await _found(tx, case)
        document_id = uuid4()
        _, seed = Document.seeded(notes_schema(SCHEMA_NUMBER))
        await documents.create(
            tx, document_id, DocumentKind.NOTES, SCHEMA_NUMBER, seed, [SERVER_CLIENT], now
        )
        await notes.create(tx, case.idea.id, document_id, case.person_id, now)
        event = await tell(tx, case, NotesOpened(), now)
        opened = await _found(tx, case)
    await services.announcer.announce([event])
    return opened


async def read_notes(services: Services, actor: Actor, ref: str) -> tuple[Case, Notes | None]:
    """The idea for somebody who may read the notes on it, and the notes if there are any."""
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.READ_NOTES)
        noted = await notes.of_idea(tx, case.idea.id)
        return case, None if noted is None else await _found(tx, case)


async def existing_notes(services: Services, actor: Actor, ref: str) -> Notes:
    """The notes on the idea; raises NotFound if nobody has begun any."""
    _, found = await read_notes(services, actor, ref)
    if found is None:
        raise NotFound("no-notes", ref=ref)
    return found


async def _found(tx: Transaction, case: Case) -> Notes:
    noted = await notes.of_idea(tx, case.idea.id)
    assert noted is not None, "the caller has seen them"
    head = (await documents.heads(tx, [noted.document_id]))[noted.document_id]
    address = DocumentAddress(head.id, head.epoch, head.schema)
    return Notes(case, noted.document_id, str(address))

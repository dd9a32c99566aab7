"""Moderating a live text: take a person's pen away at once, and take back what he wrote."""

import secrets
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.events.ideas import TextReverted
from collab.process.events.people import PersonMuted, PersonUnmuted
from collab.process.permissions import Action
from collab.sync.refusals import FrameRefused
from collab.sync.removal.revert import NOTHING, Entry, revert_update
from collab.typed import checked
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.live.exact_text import exact_text
from server.realtime.crash.apart import Failed, apart
from server.realtime.holders import schema_of
from server.services import Services
from storage import documents, mutes, people
from storage.database import Transaction
from storage.documents import Found
from storage.tables.people import Person

REASON_CHARS_MAX = 500
CLIENT_ID_MAX = 2**32
"""Client ids of browsers have 32 bits; one for the server is drawn from the same range."""

REVERT_S = 60.0

log = structlog.get_logger()


async def mute(services: Services, actor: Actor, ref: str, *, handle: str, reason: str) -> None:
    """Let a person no longer write in this text, from the next frame on.

    Raises:
        Conflict: (already-muted) the first reason stays.
        Invalid: nobody has this handle, it is one's own, or the reason is faulty.
    """
    stored_reason, now = checked(reason, "reason", REASON_CHARS_MAX), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.MUTE)
        person = await _person(tx, handle)
        if person.id == case.person_id:
            raise Invalid(fields={"handle": "own-account"})
        document_id = case.idea.document_id
        if not await mutes.mute(
            tx, document_id, person.id, by=case.person_id, reason=stored_reason, now=now
        ):
            raise Conflict("already-muted")
        await documents.bump_access(tx, document_id)
        event = await tell(tx, case, PersonMuted(person.id, stored_reason), now)
    await services.hub.access_changed(document_id)
    await services.announcer.announce([event])


async def unmute(services: Services, actor: Actor, ref: str, *, handle: str) -> None:
    """Let a muted person write again; a muted moderator needs another one for that."""
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.MUTE)
        person = await _person(tx, handle)
        if person.id == case.person_id:
            raise Invalid(fields={"handle": "own-account"})
        document_id = case.idea.document_id
        if not await mutes.unmute(tx, document_id, person.id):
            raise NotFound("not-muted")
        await documents.bump_access(tx, document_id)
        event = await tell(tx, case, PersonUnmuted(person.id), now)
    await services.hub.access_changed(document_id)
    await services.announcer.announce([event])


@dataclass(frozen=True, slots=True)
class Reverting:
    """The update that takes back what a person wrote, and the document it was made for."""

    case: Case
    person: Person
    found: Found
    update: bytes


async def revert_text(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    handle: str,
    reason: str,
    since: datetime | None = None,
) -> None:
    """Take back everything a person wrote or deleted in this text; the others' text stays.

    With ``since`` only what he did from that moment on.

    It is written like any other change, in the name of who ordered it.

    Raises:
        Conflict: (nothing-to-revert) the person has done nothing here that is still there;
            (revert-refused) it does not fit the text as it is now;
            (revert-failed) pycrdt died or hung over it, or too many are under way.
        Invalid: nobody has this handle, or the reason is faulty.
    """
    stored_reason = checked(reason, "reason", REASON_CHARS_MAX)
    made = await reverting(services, actor, ref, handle=handle, since=since)
    head, case = made.found.head, made.case
    try:
        await services.hub.apply_server_update(head.id, made.update, case.person_id, head.epoch)
    except FrameRefused as error:
        raise Conflict("revert-refused") from error
    after = await exact_text(services, case.idea.document_id)
    async with services.database.write() as tx:
        fact = TextReverted(made.person.id, stored_reason, after.version)
        event = await tell(tx, case, fact, services.clock())
    await services.announcer.announce([event])


async def reverting(
    services: Services, actor: Actor, ref: str, *, handle: str, since: datetime | None = None
) -> Reverting:
    """What would be taken back; nothing is changed yet.

    Raises:
        Conflict: (nothing-to-revert, revert-failed) as in ``revert_text``.
        Invalid: nobody has this handle.
    """
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.REVERT_TEXT)
        person = await _person(tx, handle)
    await services.hub.flush(case.idea.document_id)
    async with services.database.read() as tx:
        found = await documents.load(tx, case.idea.document_id)
        if not isinstance(found, Found):
            raise Conflict("unreadable-document")
        entries = await log_entries(tx, found)
        late = 0 if since is None else await documents.rows_since(tx, found.head, since)
    first = 0 if since is None else len(entries) - late
    update = await _revert_apart(found, entries, person, max(first, 0))
    if update == NOTHING:
        raise Conflict("nothing-to-revert")
    return Reverting(case, person, found, update)


async def _revert_apart(
    found: Found, entries: Sequence[Entry], person: Person, first: int
) -> bytes:
    """The update that takes back; made in a process of its own, for undoing has killed before."""
    try:
        return await apart(
            REVERT_S,
            revert_update,
            entries,
            person.id,
            schema=schema_of(found.head),
            client=unused_client(found.owners),
            since=first,
            owners=dict(found.owners),
        )
    except Failed as error:
        log.error("revert failed", document=str(found.head.id), cause=str(error))
        raise Conflict("revert-failed") from error


async def log_entries(tx: Transaction, found: Found) -> Sequence[Entry]:
    """The document in log order with who wrote what.

    What was cut or rewritten comes first and is nobody's; its client ids have owners.
    """
    head = found.head
    rows = await documents.log(tx, head.id, head.epoch)
    if rows and rows[0].seq == 1:
        return [(row.update, row.actor_id) for row in rows]
    # The log was cut: the newest snapshot stands for everything before the tail.
    cut_seq = head.seq - (len(found.updates) - 1)
    tail = await documents.since(tx, head.id, head.epoch, cut_seq)
    return [(found.updates[0], None), *((row.update, row.actor_id) for row in tail)]


def unused_client(taken: Container[int]) -> int:
    """A client id that nobody has used in the document."""
    while True:
        client = secrets.randbelow(CLIENT_ID_MAX - 2) + 2
        if client not in taken:
            return client


async def _person(tx: Transaction, handle: str) -> Person:
    person = await people.by_handle(tx, handle.strip())
    if person is None:
        raise Invalid(fields={"handle": "unknown-person"})
    return person

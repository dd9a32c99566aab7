"""Moderating a live text: take a person's pen away at once, and take back what he wrote."""

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.events import PersonMuted, PersonUnmuted
from collab.process.permissions import Action
from server.actions.cases import open_case, tell
from server.services import Services
from storage import documents, mutes, people
from storage.database import Transaction
from storage.tables.people import Person

REASON_CHARS_MAX = 500


async def mute(services: Services, actor: Actor, ref: str, *, handle: str, reason: str) -> None:
    """Let a person no longer write in this text, from the next frame on.

    Raises:
        Conflict: (already-muted) the first reason stays.
        Invalid: nobody has this handle, it is one's own, or the reason is faulty.
    """
    stored_reason, now = _checked(reason), services.clock()
    async with services.database.write() as tx:
        case = await open_case(tx, actor, ref, Action.MUTE)
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
    """Let a muted person write again."""
    now = services.clock()
    async with services.database.write() as tx:
        case = await open_case(tx, actor, ref, Action.MUTE)
        person = await _person(tx, handle)
        document_id = case.idea.document_id
        if not await mutes.unmute(tx, document_id, person.id):
            raise NotFound("not-muted")
        await documents.bump_access(tx, document_id)
        event = await tell(tx, case, PersonUnmuted(person.id), now)
    await services.hub.access_changed(document_id)
    await services.announcer.announce([event])


def _checked(reason: str) -> str:
    stored = reason.strip()
    if not stored:
        raise Invalid(fields={"reason": "empty"})
    if len(stored) > REASON_CHARS_MAX:
        raise Invalid(fields={"reason": "too-long"})
    return stored


async def _person(tx: Transaction, handle: str) -> Person:
    person = await people.by_handle(tx, handle.strip())
    if person is None:
        raise Invalid(fields={"handle": "unknown-person"})
    return person

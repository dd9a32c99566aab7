"""Who leads a workshop together."""

from uuid import UUID

from collab.errors import Conflict, Invalid
from collab.process.actors import Actor
from collab.process.events.gathering.workshops import FacilitatorsChanged
from server.actions.workshop.opening import tell_workshop
from server.actions.workshop.places import lead_workshop
from server.services import Services
from storage import documents, people
from storage.database import Transaction
from storage.workshop import attendances, workshops


async def add_facilitator(services: Services, actor: Actor, code: str, handle: str) -> None:
    """Let somebody with an account lead as well, who may even have been sent out before.

    Raises:
        Invalid: nobody with an account has the handle.
    """
    now = services.clock()
    async with services.database.write() as tx:
        workshop = (await lead_workshop(tx, actor, code)).workshop
        person_id = await _with_account(tx, handle)
        if not await attendances.add_facilitator(tx, workshop.id, person_id, now):
            return
        await _judge_again(tx, workshop.id)
        fact = FacilitatorsChanged(workshop.id, workshop.code, person_id, True)
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])


async def remove_facilitator(services: Services, actor: Actor, code: str, handle: str) -> None:
    """Let somebody lead no more, maybe oneself; the last one stays.

    Raises:
        Conflict: (last-facilitator) nobody would lead.
        Invalid: nobody with an account has the handle.
    """
    now = services.clock()
    async with services.database.write() as tx:
        workshop = (await lead_workshop(tx, actor, code)).workshop
        person_id = await _with_account(tx, handle)
        leading = await attendances.facilitators(tx, workshop.id)
        if person_id not in leading:
            return
        if len(leading) == 1:
            raise Conflict("last-facilitator")
        await attendances.remove_facilitator(tx, workshop.id, person_id)
        await _judge_again(tx, workshop.id)
        fact = FacilitatorsChanged(workshop.id, workshop.code, person_id, False)
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])


async def _with_account(tx: Transaction, handle: str) -> UUID:
    """The person of a handle, who is no guest."""
    person = await people.by_handle(tx, handle.strip().lower())
    if person is None or await attendances.guest(tx, person.id) is not None:
        raise Invalid(fields={"handle": "unknown-person"})
    return person.id


async def _judge_again(tx: Transaction, workshop_id: UUID) -> None:
    for document_id in (await workshops.documents(tx, workshop_id)).values():
        await documents.bump_access(tx, document_id)

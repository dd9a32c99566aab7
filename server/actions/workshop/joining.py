"""Coming into a workshop by its code, with an account or with nothing but a name."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from collab.errors import Conflict, NotAllowed
from collab.process.actors import Actor
from collab.process.events.gathering.workshops import AttendanceChanged, PersonSentOut
from collab.process.workshop.codes import check_name
from collab.process.workshop.standing import Standing
from server.actions.access import Caller, SignedIn, begin_session, known, leave_sockets
from server.actions.workshop.opening import tell_workshop
from server.actions.workshop.places import Place, find_place, lead_workshop
from server.auth import limits
from server.language import Language
from server.services import Services
from storage import access, documents, ideas, people
from storage.database import Transaction
from storage.workshop import attendances, workshops
from storage.workshop.workshops import Workshop

PEOPLE_MAX: Final = 500
"""In one workshop; a conference has 150."""

HANDLE_CHARS: Final = 12


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody has come in; ``signed_in`` is the new sign-in of a guest."""

    workshop: Workshop
    person_id: UUID
    signed_in: SignedIn | None


async def join_as_guest(
    services: Services,
    code: str,
    name: str,
    caller: Caller,
    language: Language,
    *,
    replacing: str | None = None,
) -> Joined:
    """Come in with a name or a pseudonym; a sign-in begins that lasts as long as the workshop.

    Raises:
        NotFound: no workshop has the code.
        Conflict: (joining-over) the codes have run out, or joining was closed.
        Invalid: the name will not do.
        Limited: too many from this address.
    """
    shown, now = check_name(name), services.clock()
    await services.limiter.hit(limits.JOIN_PER_ADDRESS, "join", caller.address)
    async with services.database.write() as tx:
        place = await _open_place(services, tx, Actor(None, "", "", frozenset()), code)
        person_id, workshop = uuid4(), place.workshop
        await people.create(
            tx,
            person_id=person_id,
            handle=f"guest-{person_id.hex[:HANDLE_CHARS]}",
            name=shown,
            now=now,
            language=language,
        )
        await attendances.add_guest(tx, person_id, workshop.id)
        actor = Actor(person_id, f"guest-{person_id.hex[:HANDLE_CHARS]}", shown, frozenset())
        await _attend(tx, place, person_id, services)
        signed_in = await begin_session(
            services, tx, person_id, caller, replacing=replacing, until=workshop.expires_at
        )
        fact = AttendanceChanged(workshop.id, workshop.code, person_id)
        event = await tell_workshop(tx, fact, actor, now)
    await leave_sockets(services, replacing)
    await services.announcer.announce([event])
    return Joined(workshop, person_id, signed_in)


async def join_with_account(services: Services, actor: Actor, code: str) -> Joined:
    """Come in as the person one is signed in as; coming again only changes the table.

    Raises:
        NotAllowed: (removed-from-workshop) he was sent out.
        Conflict: (joining-over) the codes have run out, and he has no place yet.
    """
    person_id, now = known(actor), services.clock()
    async with services.database.write() as tx:
        place = await find_place(tx, actor, code)
        if place.standing is Standing.REMOVED:
            raise NotAllowed("removed-from-workshop")
        workshop = place.workshop
        has_place = await attendances.get(tx, workshop.id, person_id) is not None
        if not has_place:
            place = await _open_place(services, tx, actor, code)
            await _attend(tx, place, person_id, services)
        elif place.table is not None:
            await attendances.sit(tx, workshop.id, person_id, place.table.id)
            await _reseat_documents(tx, place)
        fact = AttendanceChanged(workshop.id, workshop.code, person_id)
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])
    return Joined(workshop, person_id, None)


async def send_out(services: Services, actor: Actor, code: str, person_id: UUID) -> None:
    """Send a person out of the workshop: his sockets there close at every node, a guest's all.

    Sending out somebody again is fine. What he wrote stays; taking it back is a moderator's act.

    Raises:
        Conflict: (facilitators-stay) he leads the workshop.
    """
    now = services.clock()
    async with services.database.write() as tx:
        place = await lead_workshop(tx, actor, code)
        workshop = place.workshop
        if person_id in await attendances.leads(tx, workshop.id, [person_id]):
            raise Conflict("facilitators-stay")
        leaving = await attendances.get(tx, workshop.id, person_id)
        if not await attendances.remove(tx, workshop.id, person_id, known(actor), now):
            return
        if leaving is not None and leaving.table_id is not None:
            await _bump_table(tx, leaving.table_id)
        for document_id in (await workshops.documents(tx, workshop.id)).values():
            await documents.bump_access(tx, document_id)
        ended: list[str] = []
        guest = await attendances.guest(tx, person_id)
        if guest is not None and guest.workshop_id == workshop.id:
            ended = [each.id_hash for each in await access.sessions(tx, person_id, now)]
            await access.revoke_sessions(tx, person_id, now)
        fact = PersonSentOut(workshop.id, workshop.code, person_id)
        event = await tell_workshop(tx, fact, actor, now)
    for session_key in ended:
        await services.hub.revoke_session(session_key)
    await services.announcer.announce([event])


async def _open_place(services: Services, tx: Transaction, actor: Actor, code: str) -> Place:
    """The workshop, if people may still come in."""
    place = await find_place(tx, actor, code)
    await workshops.locked(tx, place.workshop.id)
    workshop = place.workshop
    is_over = workshop.ended_at is not None or workshop.closed_at is not None
    if is_over or workshop.joining_until <= services.clock():
        raise Conflict("joining-over")
    if await attendances.count(tx, workshop.id) >= PEOPLE_MAX:
        raise Conflict("workshop-full", most=PEOPLE_MAX)
    return place


async def _attend(tx: Transaction, place: Place, person_id: UUID, services: Services) -> None:
    """Give a place, at the table whose code was used."""
    table_id = place.table.id if place.table else None
    await attendances.attend(tx, place.workshop.id, person_id, table_id, services.clock())
    await _reseat_documents(tx, place)


async def _reseat_documents(tx: Transaction, place: Place) -> None:
    """Whoever is new at a table may write in the idea that it has opened."""
    if place.table is not None:
        await _bump_table(tx, place.table.id)


async def _bump_table(tx: Transaction, table_id: UUID) -> None:
    table = await workshops.table(tx, table_id)
    idea = await ideas.get(tx, table.idea_id) if table and table.idea_id else None
    if idea is not None:
        await documents.bump_access(tx, idea.document_id)

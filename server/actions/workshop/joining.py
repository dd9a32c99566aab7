"""Coming into a workshop by its code, with an account or with nothing but a name."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from collab.errors import Conflict, NotAllowed
from collab.process.actors import Actor
from collab.process.events.gathering.workshops import AttendanceChanged, PersonSentOut
from collab.process.workshop.codes import check_name, numbered
from server.actions.access import Caller, SignedIn, begin_session, known, leave_sockets
from server.actions.programs import TOKEN_PREFIX
from server.actions.workshop.opening import tell_workshop
from server.actions.workshop.places import Place, find_place, lead_workshop
from server.actions.workshop.seats import NOWHERE, bump_table, reseat, table_of
from server.auth import limits
from server.auth.holders import actor_of
from server.auth.secrets import hash_of, new_secret
from server.language import Language
from server.services import Services
from storage import access, documents, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.tables.people import Person
from storage.workshop import attendances, workshops
from storage.workshop.workshops import Workshop, WorkshopTable

PEOPLE_MAX: Final = 500
"""In one workshop; a conference has 150."""

HANDLE_CHARS: Final = 12
SAME_FORM: Final = timedelta(minutes=10)
"""So long a form that is sent again is the same coming in, and not somebody else's."""

FORM_KEY: Final = re.compile(r"[0-9a-f]{32}")
STRANGER: Final = Actor(None, "", "", frozenset())


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody has come in as ``name``; a guest's browser is ``signed_in``, his program has a
    ``token``."""

    workshop: Workshop
    person_id: UUID
    signed_in: SignedIn | None
    name: str = ""
    token: str | None = None


async def join_as_guest(
    services: Services,
    code: str,
    name: str,
    caller: Caller,
    language: Language,
    *,
    table: int = NOWHERE,
    form_key: str = "",
    replacing: str | None = None,
    is_program: bool = False,
) -> Joined:
    """Come in with a name or a pseudonym; what lets him in lasts as long as the workshop.

    A name that somebody there has gets a number. ``form_key`` is of the form that was sent: who
    sends it twice is one guest. A code of a table seats him there, else ``table`` does.

    Raises:
        NotFound: no workshop has the code.
        Conflict: (joining-over) the codes have run out, or joining was closed.
        Invalid: the name will not do, or there is no such table.
        Limited: too many from this address.
    """
    wished, now = check_name(name), services.clock()
    await services.limiter.hit(limits.JOIN_PER_ADDRESS, "join", caller.address)
    async with services.database.write() as tx:
        place = await find_place(tx, STRANGER, code)
        workshop = await _held(tx, place)
        person_id = _guest_id(workshop, form_key, wished)
        person = await _came_before(tx, workshop, person_id, now)
        told = []
        if person is None:
            await _require_open(tx, workshop, now)
            seat = place.table or await table_of(tx, workshop, table)
            person = await _new_guest(tx, workshop, person_id, wished, language, now)
            told = [await _attend(tx, workshop, actor_of(person, frozenset()), seat, now)]
        if is_program:
            signed_in, token = None, await _token(tx, workshop, person.id, now)
        else:
            token, signed_in = (
                None,
                await begin_session(
                    services, tx, person.id, caller, replacing=replacing, until=workshop.expires_at
                ),
            )
    await leave_sockets(services, replacing)
    await services.announcer.announce(told)
    return Joined(workshop, person.id, signed_in, person.name, token)


async def join_with_account(
    services: Services, actor: Actor, code: str, *, table: int = NOWHERE
) -> Joined:
    """Come in as the person one is signed in as; coming again only changes the table.

    Raises:
        NotAllowed: (removed-from-workshop) he was sent out.
        Conflict: (joining-over) the codes have run out, and he has no place yet.
    """
    person_id, now = known(actor), services.clock()
    async with services.database.write() as tx:
        place = await find_place(tx, actor, code)
        workshop = await _held(tx, place)
        row = await attendances.get(tx, workshop.id, person_id)
        if row is not None and row.removed_at is not None:
            raise NotAllowed("removed-from-workshop")
        seat = place.table or await table_of(tx, workshop, table)
        told = []
        if row is None:
            await _require_open(tx, workshop, now)
            told = [await _attend(tx, workshop, actor, seat, now)]
        elif seat is not None and (fact := await reseat(tx, workshop, person_id, seat)):
            told = [await tell_workshop(tx, fact, actor, now)]
    await services.announcer.announce(told)
    return Joined(workshop, person_id, None, actor.name)


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
            await bump_table(tx, leaving.table_id)
        for document_id in (await workshops.documents(tx, workshop.id)).values():
            await documents.bump_access(tx, document_id)
        guest = await attendances.guest(tx, person_id)
        is_guest = guest is not None and guest.workshop_id == workshop.id
        if is_guest:
            await access.revoke_sessions(tx, person_id, now)
            for each in await access.tokens(tx, person_id):
                await access.revoke_token(tx, each.id, now)
        fact = PersonSentOut(workshop.id, workshop.code, person_id)
        event = await tell_workshop(tx, fact, actor, now)
    if is_guest:
        await services.hub.revoke(person_id)
    await services.announcer.announce([event])


async def _held(tx: Transaction, place: Place) -> Workshop:
    """The workshop, into which nobody else comes until ``tx`` ends."""
    workshop = await workshops.held(tx, place.workshop.id)
    assert workshop is not None, "it was just found"
    return workshop


async def _require_open(tx: Transaction, workshop: Workshop, now: datetime) -> None:
    """Raise Conflict unless people may still come in."""
    is_over = workshop.ended_at is not None or workshop.closed_at is not None
    if is_over or workshop.joining_until <= now:
        raise Conflict("joining-over")
    if await attendances.count(tx, workshop.id) >= PEOPLE_MAX:
        raise Conflict("workshop-full", most=PEOPLE_MAX)


def _guest_id(workshop: Workshop, form_key: str, name: str) -> UUID:
    """Of the same form with the same name always the same: whoever else uses a shared device
    has another name."""
    if not FORM_KEY.fullmatch(form_key):
        return uuid4()
    return uuid5(workshop.id, f"{form_key} {name}")


async def _came_before(
    tx: Transaction, workshop: Workshop, person_id: UUID, now: datetime
) -> Person | None:
    """The guest whose form has come twice; None if he is new."""
    row = await attendances.get(tx, workshop.id, person_id)
    if row is None:
        return None
    if row.removed_at is not None or row.joined_at + SAME_FORM < now:
        raise NotAllowed("form-used-up")
    return await people.get(tx, person_id)


async def _new_guest(
    tx: Transaction,
    workshop: Workshop,
    person_id: UUID,
    wished: str,
    language: Language,
    now: datetime,
) -> Person:
    """A person who is nobody elsewhere."""
    person = await people.create(
        tx,
        person_id=person_id,
        handle=f"guest-{person_id.hex[:HANDLE_CHARS]}",
        name=numbered(wished, await attendances.names(tx, workshop.id)),
        now=now,
        language=language,
    )
    await attendances.add_guest(tx, person_id, workshop.id)
    return person


async def _attend(
    tx: Transaction, workshop: Workshop, actor: Actor, seat: WorkshopTable | None, now: datetime
) -> StoredEvent:
    """Give a place; whoever is new at a table may write in the idea that it has opened."""
    person_id = known(actor)
    await attendances.attend(tx, workshop.id, person_id, seat.id if seat else None, now)
    if seat is not None:
        await bump_table(tx, seat.id)
    fact = AttendanceChanged(workshop.id, workshop.code, person_id)
    return await tell_workshop(tx, fact, actor, now)


async def _token(tx: Transaction, workshop: Workshop, person_id: UUID, now: datetime) -> str:
    """What a program shows to act for the guest, until the workshop expires."""
    secret = TOKEN_PREFIX + new_secret()
    await access.create_token(
        tx,
        token_id=uuid4(),
        secret_hash=hash_of(secret),
        person_id=person_id,
        now=now,
        label=workshop.code,
        expires_at=workshop.expires_at,
    )
    return secret

"""How people stand to a workshop; every act there and every document of it asks here."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor, Role
from collab.process.workshop.codes import parse_code
from collab.process.workshop.standing import Standing, require_facilitator, require_inside
from server.actions.access import known
from server.auth import limits
from server.services import Services
from storage import people
from storage.database import Transaction
from storage.workshop import attendances, workshops
from storage.workshop.workshops import Workshop, WorkshopTable

LEADS_EVERYWHERE = frozenset({Role.MODERATOR, Role.COORDINATION_OFFICE})
"""Whoever holds one of these can step in at any workshop, for instance against a vandal."""


@dataclass(frozen=True, slots=True)
class Place:
    """A workshop as an actor meets it; ``table`` is the one whose code he used."""

    workshop: Workshop
    standing: Standing
    table: WorkshopTable | None = None


async def standings_of(
    tx: Transaction, workshop: Workshop, person_ids: Collection[UUID]
) -> dict[UUID, Standing]:
    """How each of the persons stands to the workshop."""
    leading = await attendances.leads(tx, workshop.id, person_ids)
    there = await attendances.among(tx, workshop.id, person_ids)
    at_arena = await people.roles_of(tx, person_ids)
    found: dict[UUID, Standing] = {}
    for person_id in person_ids:
        row = there.get(person_id)
        if person_id in leading or not LEADS_EVERYWHERE.isdisjoint(at_arena.get(person_id, ())):
            found[person_id] = Standing.FACILITATOR
        elif row is None:
            found[person_id] = Standing.OUTSIDE
        else:
            found[person_id] = Standing.REMOVED if row.removed_at else Standing.ATTENDING
    return found


async def find_place(tx: Transaction, actor: Actor, code: str) -> Place:
    """The workshop of a code, and how the actor stands to it.

    Raises:
        NotFound: (no-such-workshop) no workshop and no table has the code.
        Invalid: (code-malformed) it looks like no code.
    """
    found = await workshops.by_code(tx, parse_code(code))
    if found is None:
        raise NotFound("no-such-workshop", code=code)
    workshop, table = found
    standing = Standing.OUTSIDE
    if actor.person_id is not None and not actor.suspended:
        standing = (await standings_of(tx, workshop, [actor.person_id]))[actor.person_id]
    return Place(workshop, standing, table)


async def enter_workshop(tx: Transaction, actor: Actor, code: str) -> Place:
    """The workshop for somebody who takes part in it.

    Raises:
        NotAllowed: (join-first, removed-from-workshop) he does not.
    """
    place = await find_place(tx, actor, code)
    require_inside(place.standing)
    return place


async def lead_workshop(tx: Transaction, actor: Actor, code: str, *, changes: bool = True) -> Place:
    """The workshop for somebody who leads it; nobody else leads it until ``tx`` ends.

    ``changes``: it will be another one afterwards, which its ``revision`` says.

    Raises:
        NotFound: he has nothing to do with it.
        NotAllowed: (facilitators-only) he only takes part.
    """
    place = await see_as_facilitator(tx, actor, code)
    lock = workshops.locked if changes else workshops.held
    locked = await lock(tx, place.workshop.id)
    assert locked is not None, "it was just found"
    return Place(locked, place.standing, place.table)


async def see_as_facilitator(tx: Transaction, actor: Actor, code: str) -> Place:
    """The workshop for somebody who leads it and only looks; refuses like ``lead_workshop``."""
    known(actor)
    place = await find_place(tx, actor, code)
    require_facilitator(place.standing)
    return place


async def look_up(services: Services, actor: Actor, code: str, address: str) -> Place:
    """The workshop of a code that somebody has typed or scanned.

    Many people share an address: whoever is in goes on there while somebody guesses codes.

    Raises:
        NotFound: (no-such-workshop) no workshop and no table has the code.
        Invalid: (code-malformed) it looks like no code.
        Limited: too many wrong codes from this address.
    """
    wrong = (limits.WRONG_CODE_PER_ADDRESS, "code", address)
    try:
        async with services.database.read() as tx:
            place = await find_place(tx, actor, code)
    except NotFound:
        await services.limiter.hit(*wrong)
        raise
    if not place.standing.is_inside:
        await services.limiter.require(*wrong)
    return place


def require_running(workshop: Workshop) -> None:
    """Raise Conflict if the evening is over."""
    if workshop.ended_at is not None:
        raise Conflict("workshop-over")

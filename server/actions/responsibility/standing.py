"""For whom an actor may speak and sign, and which responsibilities an idea has."""

from uuid import UUID

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Actor, ActorClass
from collab.process.permissions import Action
from collab.process.responsibility.rules import Body, Held
from collab.process.responsibility.states import Part, State
from server.actions.access import known
from server.actions.cases import Case, acting_case
from storage import people
from storage.database import Transaction
from storage.erasure.people import FORMER_KIND
from storage.people import Membership
from storage.process import responsibility
from storage.process.responsibility import Responsibility
from storage.tables.people import Organisation


async def memberships(tx: Transaction, person_id: UUID) -> list[Membership]:
    """The organisations that confirmed the person, in the order of their names."""
    found = (await people.memberships(tx, [person_id])).get(person_id, [])
    confirmed = (one for one in found if one.confirmed_at is not None)
    return [one for one in confirmed if one.organisation.kind != FORMER_KIND]


async def signs_for(tx: Transaction, person_id: UUID) -> frozenset[UUID]:
    """The organisations in whose name the person may sign."""
    found = await memberships(tx, person_id)
    return frozenset(one.organisation.id for one in found if one.may_sign)


async def require_member(tx: Transaction, actor: Actor, organisation_id: UUID) -> None:
    """Raise NotAllowed unless the organisation confirmed that the actor belongs to it."""
    if organisation_id not in {one.organisation.id for one in await memberships(tx, known(actor))}:
        raise NotAllowed("not-of-organisation", organisation_id=str(organisation_id))


async def require_signatory(tx: Transaction, actor: Actor, organisation_id: UUID) -> None:
    """Raise NotAllowed unless the actor may sign for exactly this organisation."""
    if organisation_id not in await signs_for(tx, known(actor)):
        raise NotAllowed("not-entitled-to-sign", organisation_id=str(organisation_id))


async def organisation_of(tx: Transaction, organisation_id: UUID, field: str) -> Organisation:
    """The organisation; raises Invalid naming ``field`` if there is none."""
    found = await people.organisation(tx, organisation_id)
    if found is None or found.kind == FORMER_KIND:
        raise Invalid(fields={field: "unknown-choice"})
    return found


async def speaker(tx: Transaction, handle: str, organisation_id: UUID) -> UUID:
    """The person of that handle, who is to stand for the organisation at an idea.

    Raises:
        Invalid: nobody has the handle, or the organisation has not confirmed him.
    """
    person = await people.by_handle(tx, handle)
    if person is None or person.suspended_at is not None:
        raise Invalid(fields={"handle": "unknown-person"})
    if organisation_id not in {one.organisation.id for one in await memberships(tx, person.id)}:
        raise Invalid(fields={"handle": "not-of-organisation"})
    return person.id


async def acting_on(
    tx: Transaction, actor: Actor, ref: str, responsibility_id: UUID, action: Action
) -> tuple[Case, Responsibility]:
    """The idea, locked for an act, and one of its responsibilities.

    Raises:
        NotFound: the idea has none of that id.
    """
    case = await acting_case(tx, actor, ref, action)
    row = await responsibility.get(tx, responsibility_id)
    if row is None or row.idea_id != case.idea.id:
        raise NotFound("responsibility-not-found")
    return case, row


async def held_at(tx: Transaction, idea_id: UUID) -> list[Held]:
    """What is offered and active at the idea, as the rules see it."""
    return [held(row) for row in await responsibility.open_at(tx, idea_id)]


def held(row: Responsibility) -> Held:
    """A row as the rules see it."""
    part, state = Part(row.part), State(row.state)
    return Held(row.id, row.organisation_id, row.organisation_name, part, state)


def body(found: Organisation) -> Body:
    """An organisation as the rules see it."""
    return Body(found.id, found.name, ActorClass(found.actor_class), found.valid_to)


def moved(row: Responsibility, state: State) -> Conflict:
    """The refusal where somebody acted on it meanwhile."""
    return Conflict("responsibility-moved", current=row.state, wanted=state.value)

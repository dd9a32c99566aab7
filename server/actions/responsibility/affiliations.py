"""For whom a person says he speaks: asked for by himself, confirmed by the organisation or office.

Unconfirmed it is shown as such and gives no rights. Only the office says who may sign.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Actor, Role
from collab.process.calendar.berlin import berlin_date
from collab.process.events.event import Event, is_public
from collab.process.events.ideas import TeamChanged
from collab.process.events.people import PersonRoleChanged
from collab.process.events.responsibility import AffiliationChanged
from collab.process.permissions import Action, may
from collab.process.responsibility.states import Part
from server.actions.access import known
from server.actions.responsibility.roles import ROLES, take_role
from server.actions.responsibility.standing import body, organisation_of, signs_for
from server.auth import limits
from server.services import Services
from storage import documents, events, ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.people import Membership
from storage.process import organisations, responsibility
from storage.tables.people import Person

AFFILIATIONS_MAX: Final = 10
REQUESTED, CONFIRMED, ENDED = "requested", "confirmed", "ended"


async def ask(services: Services, actor: Actor, organisation_id: UUID) -> None:
    """Say that one speaks for an organisation; it counts once somebody there confirms it.

    Raises:
        Conflict: (already-affiliated) one has said so before.
        Invalid: there is no such organisation any more, or one speaks for too many.
    """
    person_id, now = known(actor), services.clock()
    if actor.suspended:
        raise NotAllowed("suspended")
    await services.limiter.hit(limits.OFFER_PER_PERSON, "affiliation", str(actor.person_id))
    async with services.database.write() as tx:
        found = await organisation_of(tx, organisation_id, "organisation")
        if body(found).has_ended(berlin_date(now)):
            raise Invalid(fields={"organisation": "organisation-ended"})
        held = (await people.memberships(tx, [person_id])).get(person_id, [])
        if organisation_id in {each.organisation.id for each in held}:
            raise Conflict("already-affiliated")
        if len(held) >= AFFILIATIONS_MAX:
            raise Invalid(fields={"organisation": "too-many"})
        await people.affiliate(tx, person_id, organisation_id)
        fact = AffiliationChanged(person_id, organisation_id, found.name, REQUESTED, False)
        told = [await _log(tx, fact, person_id, now)]
    await services.announcer.announce(told)


async def confirm(
    services: Services,
    actor: Actor,
    handle: str,
    organisation_id: UUID,
    *,
    may_sign: bool | None = None,
) -> None:
    """Confirm that a person speaks for the organisation; the office also says if he may sign.

    Raises:
        NotFound: he has not said that he speaks for it.
        NotAllowed: one may not confirm for it, or not say who signs.
    """
    now = services.clock()
    async with services.database.write() as tx:
        person, held = await _asked(tx, handle, organisation_id)
        await _require_entitled(tx, actor, organisation_id, is_office_needed=may_sign is not None)
        if person.id == actor.person_id:
            raise NotAllowed("own-account")
        signs = held.may_sign if may_sign is None else may_sign
        confirmed_at = held.confirmed_at or now
        if not await organisations.confirm_member(
            tx, person.id, organisation_id, confirmed_at=confirmed_at, may_sign=signs
        ):
            raise NotFound("affiliation-not-found")
        name = held.organisation.name
        fact = AffiliationChanged(person.id, organisation_id, name, CONFIRMED, signs)
        told = [await _log(tx, fact, actor.person_id, now)]
        told += await _match_role(tx, person.id, actor.person_id, now)
    await services.announcer.announce(told)


async def end(services: Services, actor: Actor, handle: str, organisation_id: UUID) -> None:
    """A person speaks for the organisation no longer; himself, its signatories, or the office.

    Where he stood for it at an idea, the organisation stays responsible and names another.
    """
    await services.limiter.hit(limits.OFFER_PER_PERSON, "affiliation", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        person, held = await _asked(tx, handle, organisation_id)
        if person.id != actor.person_id:
            await _require_entitled(tx, actor, organisation_id)
        told = await leave(tx, person.id, held, actor.person_id, now)
    await services.announcer.announce(told)


async def leave(
    tx: Transaction, person_id: UUID, held: Membership, by: UUID | None, now: datetime
) -> list[StoredEvent]:
    """Take the affiliation and everything that came with it; returns the events."""
    rows = await responsibility.stood_for(tx, person_id, held.organisation.id)
    at = {row.idea_id: await ideas.get(tx, row.idea_id) for row in rows}
    concerned = {idea.id: idea for idea in at.values() if idea is not None}
    await documents.lock_heads(tx, [idea.document_id for idea in concerned.values()])
    await people.leave(tx, person_id, held.organisation.id)
    facts: list[tuple[Event, UUID | None]] = []
    for row in rows:
        await take_role(tx, row.idea_id, row)
        await responsibility.move(tx, row.id, row.state, row.state, person_id=None)
        await documents.bump_access(tx, concerned[row.idea_id].document_id)
        facts.append((TeamChanged(person_id, ROLES[Part(row.part)], False), row.idea_id))
    organisation = (held.organisation.id, held.organisation.name)
    facts.append((AffiliationChanged(person_id, *organisation, ENDED, False), None))
    told = []
    for fact, idea_id in facts:
        stage = concerned[idea_id].stage if idea_id else None
        told.append(
            await events.append(
                tx,
                fact,
                idea_id=idea_id,
                actor_id=by,
                public=is_public(fact, stage) if idea_id else fact.public,
                now=now,
            )
        )
    return told + await _match_role(tx, person_id, by, now)


async def _match_role(
    tx: Transaction, person_id: UUID, by: UUID | None, now: datetime
) -> list[StoredEvent]:
    """Let the person be a signatory exactly if he may sign for some organisation."""
    signs = bool(await signs_for(tx, person_id))
    change = people.add_role if signs else people.remove_role
    if not await change(tx, person_id, Role.SIGNATORY):
        return []
    return [await _log(tx, PersonRoleChanged(person_id, Role.SIGNATORY, signs), by, now)]


async def _asked(tx: Transaction, handle: str, organisation_id: UUID) -> tuple[Person, Membership]:
    """The person and the affiliation that he says to have."""
    person = await people.by_handle(tx, handle)
    held = (await people.memberships(tx, [person.id])).get(person.id, []) if person else []
    found = next((each for each in held if each.organisation.id == organisation_id), None)
    if person is None or found is None:
        raise NotFound("affiliation-not-found")
    return person, found


async def _require_entitled(
    tx: Transaction, actor: Actor, organisation_id: UUID, *, is_office_needed: bool = False
) -> None:
    """Raise NotAllowed unless the actor is the office, or signs for the organisation."""
    if may(actor, Action.MANAGE_PEOPLE):
        return
    if is_office_needed or organisation_id not in await signs_for(tx, known(actor)):
        raise NotAllowed("not-entitled-to-sign", organisation_id=str(organisation_id))


async def _log(tx: Transaction, fact: Event, by: UUID | None, now: datetime) -> StoredEvent:
    return await events.append(tx, fact, idea_id=None, actor_id=by, public=fact.public, now=now)

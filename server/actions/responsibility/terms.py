"""Giving roles for a time, at an idea or everywhere, and what the clock does about them.

A role is held exactly while its term runs: when it ends, rights are judged anew in open rooms too.
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor, Role
from collab.process.events.event import Event, is_public
from collab.process.events.ideas import TeamChanged
from collab.process.events.people import PersonRoleChanged
from collab.process.events.responsibility import RoleTermEnded, RoleTermSet
from collab.process.permissions import Action, require
from collab.process.responsibility.terms import Term, TermState, make_term
from server.actions.cases import acting_case, tell
from server.actions.people import require_grantable
from server.services import Services
from storage import documents, events, ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process import terms
from storage.process.terms import RoleTerm
from storage.tables.ideas import Idea
from storage.tables.people import Person


async def grant_at_idea(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    handle: str,
    role: Role,
    last: date,
    first: date | None = None,
) -> RoleTerm:
    """Give a person a role at one idea until the end of ``last``.

    Raises:
        Conflict: (role-held) he has the role there already, or is to have it.
    """
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.MANAGE_TEAM)
        term = make_term(role, at_idea=True, first=first, last=last, now=now)
        person = await _person(tx, handle)
        held = role in await ideas.roles(tx, case.idea.id, person.id)
        row = await _add(tx, person, role, case.idea.id, term, actor, now, held=held)
        told = [await tell(tx, case, _set(row), now)]
        told += await _follow_clock(tx, row, case.idea, person, now, actor.person_id)
    await services.announcer.announce(told)
    return row


async def grant(
    services: Services,
    actor: Actor | None,
    *,
    handle: str,
    role: Role,
    last: date,
    first: date | None = None,
) -> RoleTerm:
    """Give a person a role of the arena until the end of ``last``: a deputy, for instance."""
    if actor is not None:
        require(Action.MANAGE_PEOPLE, actor)
    require_grantable(actor, frozenset({role}))
    now = services.clock()
    term = make_term(role, at_idea=False, first=first, last=last, now=now)
    async with services.database.write() as tx:
        person = await _person(tx, handle)
        if actor is not None and person.id == actor.person_id:
            raise Invalid(fields={"handle": "own-account"})
        held = role in await people.roles(tx, person.id)
        row = await _add(tx, person, role, None, term, actor, now, held=held)
        told = [await _log(tx, _set(row), None, actor.person_id if actor else None, now)]
        told += await _follow_clock(tx, row, None, person, now, told[0].actor_id)
    await services.announcer.announce(told)
    return row


async def end(services: Services, actor: Actor, term_id: UUID, *, ref: str | None = None) -> None:
    """End a term before its time: at an idea whoever manages its team, else the office.

    Raises:
        NotFound: there is no such term there.
        Conflict: (term-over) it has ended.
    """
    now = services.clock()
    async with services.database.write() as tx:
        idea: Idea | None = None
        if ref is None:
            require(Action.MANAGE_PEOPLE, actor)
        else:
            idea = (await acting_case(tx, actor, ref, Action.MANAGE_TEAM)).idea
        row = await terms.get(tx, term_id)
        if row is None or row.idea_id != (idea.id if idea else None):
            raise NotFound("term-not-found")
        told = await close(tx, row, idea, now, actor.person_id)
        if not told and row.state == TermState.ENDED:
            raise Conflict("term-over")
    await services.announcer.announce(told)


async def follow_clock(services: Services, term_id: UUID) -> None:
    """Begin or end the term if it is time; nothing if somebody was quicker."""
    now = services.clock()
    async with services.database.read() as tx:
        found = await terms.get(tx, term_id)
        idea = await ideas.get(tx, found.idea_id) if found and found.idea_id else None
    async with services.database.write() as tx:
        if idea is not None:
            await documents.lock_heads(tx, [idea.document_id])
            idea = await ideas.get(tx, idea.id)
        row = await terms.get(tx, term_id)
        assert row is not None, "terms are not deleted"
        person = await people.get(tx, row.person_id)
        assert person is not None, "persons are not deleted"
        told = await _follow_clock(tx, row, idea, person, now, None)
    await services.announcer.announce(told)


async def close(
    tx: Transaction, row: RoleTerm, idea: Idea | None, now: datetime, by: UUID | None
) -> list[StoredEvent]:
    """End an open term and take its role away; returns the events of that."""
    if row.state == TermState.ENDED:
        return []
    ended = {"ended_at": now, "ended_by": by}
    if not await terms.move(tx, row.id, row.state, TermState.ENDED, **ended):
        return []
    if row.state == TermState.PLANNED:
        return [await _log(tx, RoleTermEnded(row.person_id, row.role), idea, by, now)]
    return await _change(tx, row, idea, now, by, granted=False)


async def _follow_clock(
    tx: Transaction,
    row: RoleTerm,
    idea: Idea | None,
    person: Person,
    now: datetime,
    by: UUID | None,
) -> list[StoredEvent]:
    """Bring the term to where the clock stands. Who is erased begins nothing any more."""
    wanted = Term(row.valid_from, row.valid_until).state(now)
    if wanted is TermState.ENDED or person.erased_at is not None:
        return await close(tx, row, idea, now, by)
    if wanted is TermState.PLANNED or row.state != TermState.PLANNED:
        return []
    if not await terms.move(tx, row.id, TermState.PLANNED, TermState.RUNNING):
        return []
    return await _change(tx, row, idea, now, by, granted=True)


async def _change(
    tx: Transaction,
    row: RoleTerm,
    idea: Idea | None,
    now: datetime,
    by: UUID | None,
    *,
    granted: bool,
) -> list[StoredEvent]:
    """Give or take the role itself, and write that down."""
    if idea is None:
        turn = people.add_role if granted else people.remove_role
        if not await turn(tx, row.person_id, row.role):
            return []
        return [await _log(tx, PersonRoleChanged(row.person_id, row.role, granted), None, by, now)]
    change = ideas.add_role if granted else ideas.remove_role
    if not await change(tx, idea.id, row.person_id, row.role):
        return []
    await documents.bump_access(tx, idea.document_id)
    return [await _log(tx, TeamChanged(row.person_id, row.role, granted), idea, by, now)]


async def _add(
    tx: Transaction,
    person: Person,
    role: Role,
    idea_id: UUID | None,
    term: Term,
    actor: Actor | None,
    now: datetime,
    *,
    held: bool,
) -> RoleTerm:
    if held or await terms.open_term(tx, person.id, role, idea_id) is not None:
        raise Conflict("role-held", role=role.value)
    return await terms.add(
        tx,
        id=uuid4(),
        person_id=person.id,
        idea_id=idea_id,
        role=role.value,
        valid_from=term.valid_from,
        valid_until=term.valid_until,
        state=TermState.PLANNED.value,
        granted_by=actor.person_id if actor else None,
        granted_at=now,
    )


def _set(row: RoleTerm) -> RoleTermSet:
    return RoleTermSet(
        row.person_id, row.role, row.valid_from.isoformat(), row.valid_until.isoformat()
    )


async def _log(
    tx: Transaction,
    fact: Event,
    idea: Idea | None,
    by: UUID | None,
    now: datetime,
) -> StoredEvent:
    is_told = is_public(fact, idea.stage) if idea else fact.public
    idea_id = idea.id if idea else None
    return await events.append(tx, fact, idea_id=idea_id, actor_id=by, public=is_told, now=now)


async def _person(tx: Transaction, handle: str) -> Person:
    person = await people.by_handle(tx, handle)
    if person is None or person.suspended_at is not None:
        raise Invalid(fields={"handle": "unknown-person"})
    return person

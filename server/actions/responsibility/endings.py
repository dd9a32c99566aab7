"""Handing responsibility over, giving it back, naming another person, and what time ends."""

from datetime import datetime
from uuid import UUID

from collab.errors import NotAllowed
from collab.process.actors import Actor, Role
from collab.process.events.event import Event, is_public
from collab.process.events.ideas import TeamChanged
from collab.process.permissions import Action
from collab.process.responsibility.rules import check_note
from collab.process.responsibility.states import Act, Part, State, after
from server.actions.access import known
from server.actions.cases import Case, tell
from server.actions.responsibility.offers import ended, insert, offered, read
from server.actions.responsibility.roles import ROLES, give_role, take_role
from server.actions.responsibility.standing import acting_on, moved, signs_for, speaker
from server.auth import limits
from server.services import Services
from storage import documents, events, ideas
from storage.database import Transaction
from storage.process import responsibility
from storage.process.responsibility import Responsibility


async def hand_over(
    services: Services,
    actor: Actor,
    ref: str,
    responsibility_id: UUID,
    *,
    organisation_id: UUID,
    note: str,
) -> Responsibility:
    """Offer the lead to another organisation; until it signs, the lead stays where it is.

    Raises:
        Unmet: the other organisation may not lead here (rule 2, also in a running measure).
        Conflict: (responsibility-moved) this lead has ended; (already-offered) to that one.
    """
    await services.limiter.hit(limits.OFFER_PER_PERSON, "offer", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        action = Action.END_RESPONSIBILITY
        case, row = await acting_on(tx, actor, ref, responsibility_id, action)
        await _require_own(tx, actor, row)
        after(State(row.state), Act.HAND_OVER)
        if row.part != Part.LEAD:
            raise moved(row, State.HANDED_OVER)
        stored_note = check_note(note, "note")
        made = await insert(
            tx,
            case,
            organisation_id=organisation_id,
            part=Part.LEAD,
            note=stored_note,
            person_id=None,
            now=now,
            working_days=services.settings.offer_working_days,
            hands_over=row.id,
        )
        event = await tell(tx, case, offered(made), now)
    await services.announcer.announce([event])
    return made


async def release(
    services: Services, actor: Actor, ref: str, responsibility_id: UUID, *, note: str
) -> None:
    """Give a responsibility back; the case stays, and looks for a lead if that was the lead.

    ``note`` is what whoever comes next has to know. The coordination office may do it, too.
    """
    now = services.clock()
    async with services.database.write() as tx:
        action = Action.END_RESPONSIBILITY
        case, row = await acting_on(tx, actor, ref, responsibility_id, action)
        if Role.COORDINATION_OFFICE not in case.actor.effective_roles:
            await _require_own(tx, actor, row)
        fact = await _release(tx, case, row, check_note(note, "note"), now)
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, fact, now)
    await services.announcer.announce([event])


async def appoint(
    services: Services, actor: Actor, ref: str, responsibility_id: UUID, *, handle: str
) -> Responsibility:
    """Let another person of the same organisation stand for it at the idea."""
    now = services.clock()
    async with services.database.write() as tx:
        action = Action.END_RESPONSIBILITY
        case, row = await acting_on(tx, actor, ref, responsibility_id, action)
        await _require_own(tx, actor, row)
        if row.state != State.ACTIVE:
            raise moved(row, State.ACTIVE)
        person_id = await speaker(tx, handle, row.organisation_id)
        if person_id == row.person_id:
            return row
        role, part = ROLES[Part(row.part)], Part(row.part)
        await take_role(tx, case.idea.id, row)
        await responsibility.move(tx, row.id, State.ACTIVE, State.ACTIVE, person_id=person_id)
        await give_role(tx, case.idea.id, person_id, part)
        await documents.bump_access(tx, case.idea.document_id)
        facts = [TeamChanged(person_id, role, True)]
        if row.person_id is not None:
            facts.insert(0, TeamChanged(row.person_id, role, False))
        told = [await tell(tx, case, fact, now) for fact in facts]
    await services.announcer.announce(told)
    return await read(services, row.id)


async def release_lead(tx: Transaction, case: Case, note: str, now: datetime) -> list[Event]:
    """What a stage change does that gives the lead back; nothing if nobody leads."""
    lead = (await responsibility.leads(tx, [case.idea.id])).get(case.idea.id)
    return [] if lead is None else [await _release(tx, case, lead, note, now)]


async def expire(services: Services, responsibility_id: UUID) -> None:
    """End an offer that nobody confirmed in time; nothing if somebody was quicker."""
    now = services.clock()
    async with services.database.read() as tx:
        found = await responsibility.get(tx, responsibility_id)
        idea = await ideas.get(tx, found.idea_id) if found else None
    assert idea is not None, "an offer is made at an idea"
    async with services.database.write() as tx:
        await documents.lock_heads(tx, [idea.document_id])
        row = await responsibility.get(tx, responsibility_id)
        assert row is not None, "responsibilities are not deleted"
        if row.state != State.OFFERED or row.expires_at >= now:
            return
        state = after(State.OFFERED, Act.EXPIRE)
        await responsibility.move(tx, row.id, State.OFFERED, state, ended_at=now, ended_reason="")
        idea = await ideas.get(tx, row.idea_id)
        assert idea is not None, "ideas are not deleted"
        fact = ended(row, state, "")
        event = await events.append(
            tx,
            fact,
            idea_id=row.idea_id,
            actor_id=None,
            public=is_public(fact, idea.stage),
            now=now,
        )
    await services.announcer.announce([event])


async def _release(
    tx: Transaction, case: Case, row: Responsibility, note: str, now: datetime
) -> Event:
    state = after(State(row.state), Act.RELEASE)
    await responsibility.move(
        tx,
        row.id,
        State.ACTIVE,
        state,
        ended_by=case.person_id,
        ended_at=now,
        ended_reason=note,
    )
    await take_role(tx, case.idea.id, row)
    await documents.bump_access(tx, case.idea.document_id)
    return ended(row, state, note)


async def _require_own(tx: Transaction, actor: Actor, row: Responsibility) -> None:
    """Raise NotAllowed unless he stands for the organisation here, or may sign for it."""
    if known(actor) == row.person_id or row.organisation_id in await signs_for(tx, known(actor)):
        return
    raise NotAllowed("not-your-responsibility")

"""Offering to answer for an idea, and what the offering organisation's signatory makes of it.

Every act holds the lock of the idea's document, so of many who are confirmed at once one leads.
"""

from datetime import datetime
from uuid import UUID, uuid4

from collab.errors import Conflict, NotAllowed
from collab.process.actors import Actor
from collab.process.calendar.berlin import berlin_date
from collab.process.calendar.deadlines import Span, due, is_over
from collab.process.events.event import Event
from collab.process.events.responsibility import (
    ResponsibilityConfirmed,
    ResponsibilityEnded,
    ResponsibilityOffered,
)
from collab.process.permissions import Action
from collab.process.responsibility.rules import (
    check_note,
    lead_of,
    lead_taken,
    require_fit,
    require_free,
    takes_lead,
)
from collab.process.responsibility.states import Act, Part, State, after
from server.actions.access import known
from server.actions.cases import Case, acting_case, tell
from server.actions.responsibility.roles import give_role, take_role
from server.actions.responsibility.standing import (
    acting_on,
    body,
    held_at,
    organisation_of,
    require_member,
    require_signatory,
    signs_for,
    speaker,
)
from server.auth import limits
from server.services import Services
from storage import documents, ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process import responsibility
from storage.process.responsibility import Responsibility


async def offer(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    organisation_id: UUID,
    part: Part,
    note: str = "",
) -> Responsibility:
    """Offer in the name of one's organisation to lead the idea, or to take part.

    Raises:
        NotAllowed: (not-of-organisation) it has not confirmed the actor.
        Unmet: the organisation may not lead here; names every rule it breaks.
        Conflict: (lead-taken) names who leads; (already-offered, already-responsible).
    """
    await services.limiter.hit(limits.OFFER_PER_PERSON, "offer", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.OFFER_RESPONSIBILITY)
        await require_member(tx, actor, organisation_id)
        stored_note = check_note(note, "note", required=False)
        row = await insert(
            tx,
            case,
            organisation_id=organisation_id,
            part=part,
            note=stored_note,
            person_id=case.person_id,
            now=now,
            working_days=services.settings.offer_working_days,
        )
        event = await tell(tx, case, offered(row), now)
    await services.announcer.announce([event])
    return row


async def confirm(
    services: Services, actor: Actor, ref: str, responsibility_id: UUID, *, handle: str = ""
) -> Responsibility:
    """Sign an offer: the organisation answers for the idea from now on, a former lead no more.

    Who made the offer stands for the organisation at the idea, unless ``handle`` names another.

    Raises:
        NotAllowed: (not-entitled-to-sign) not for this organisation.
        Conflict: (lead-taken) names who leads; (offer-expired); (responsibility-moved).
        Unmet: the organisation may not lead here any more.
    """
    now = services.clock()
    async with services.database.write() as tx:
        action = Action.SIGN_RESPONSIBILITY
        case, row = await acting_on(tx, actor, ref, responsibility_id, action)
        await require_signatory(tx, actor, row.organisation_id)
        after(State(row.state), Act.CONFIRM)
        if is_over(row.expires_at, now):
            raise Conflict("offer-expired", expires_at=row.expires_at.isoformat())
        person_id = await _speaker_of(tx, case, row, handle)
        facts = [
            *await _hand_over(tx, case, row, now),
            await activate(tx, case, row, person_id, now),
        ]
        await documents.bump_access(tx, case.idea.document_id)
        await ideas.touch(tx, case.idea.id, now)
        told = [await tell(tx, case, fact, now) for fact in facts]
    await services.announcer.announce(told)
    return await read(services, row.id)


async def decline(
    services: Services, actor: Actor, ref: str, responsibility_id: UUID, *, reason: str
) -> None:
    """Refuse to sign an offer that somebody made in the organisation's name, or made to it."""
    async with services.database.write() as tx:
        action = Action.SIGN_RESPONSIBILITY
        case, row = await acting_on(tx, actor, ref, responsibility_id, action)
        await require_signatory(tx, actor, row.organisation_id)
        stored_reason = check_note(reason, "reason")
        event = await _end(tx, case, row, Act.DECLINE, stored_reason, services.clock())
    await services.announcer.announce([event])


async def withdraw(
    services: Services, actor: Actor, ref: str, responsibility_id: UUID, *, reason: str = ""
) -> None:
    """Take an open offer back: who made it, or who may sign for the organisation that made it."""
    async with services.database.write() as tx:
        action = Action.OFFER_RESPONSIBILITY
        case, row = await acting_on(tx, actor, ref, responsibility_id, action)
        if known(actor) != row.offered_by:
            maker = await _offering_organisation(tx, row)
            if maker not in await signs_for(tx, known(actor)):
                raise NotAllowed("not-your-offer")
        stored_reason = check_note(reason, "reason", required=False)
        event = await _end(tx, case, row, Act.WITHDRAW, stored_reason, services.clock())
    await services.announcer.announce([event])


async def insert(
    tx: Transaction,
    case: Case,
    *,
    organisation_id: UUID,
    part: Part,
    note: str,
    person_id: UUID | None,
    now: datetime,
    working_days: int,
    hands_over: UUID | None = None,
) -> Responsibility:
    """Write an offer that breaks no rule; the caller has asked who may make it."""
    if not takes_lead(case.idea.kind):
        raise Conflict("need-takes-no-lead")
    found = await organisation_of(tx, organisation_id, "organisation")
    wanted = body(found)
    require_fit(wanted, part, case.idea.measure_type, berlin_date(now))
    is_handed = hands_over is not None
    require_free(wanted, part, await held_at(tx, case.idea.id), hands_over=is_handed)
    return await responsibility.offer(
        tx,
        id=uuid4(),
        idea_id=case.idea.id,
        organisation_id=found.id,
        organisation_name=found.name,
        actor_class=found.actor_class,
        part=part,
        note=note,
        hands_over=hands_over,
        person_id=person_id,
        offered_by=case.person_id,
        offered_at=now,
        expires_at=due(now, Span(working_days)),
    )


async def activate(
    tx: Transaction, case: Case, row: Responsibility, person_id: UUID, now: datetime
) -> Event:
    """Make an offer active; whoever leads besides it is found here, at the latest."""
    found = await organisation_of(tx, row.organisation_id, "organisation")
    part = Part(row.part)
    require_fit(body(found), part, case.idea.measure_type, berlin_date(now))
    lead = lead_of(await held_at(tx, case.idea.id))
    if part is Part.LEAD and lead is not None:
        raise lead_taken(lead)
    is_first = await responsibility.move(
        tx,
        row.id,
        State.OFFERED,
        State.ACTIVE,
        person_id=person_id,
        confirmed_by=case.person_id,
        confirmed_at=now,
    )
    assert is_first, "nobody acts at an idea whose document somebody else holds"
    await give_role(tx, case.idea.id, person_id, part)
    return ResponsibilityConfirmed(
        row.id, row.organisation_id, row.organisation_name, part.value, person_id
    )


async def read(services: Services, responsibility_id: UUID) -> Responsibility:
    """The responsibility as it is now."""
    async with services.database.read() as tx:
        found = await responsibility.get(tx, responsibility_id)
    assert found is not None, "responsibilities are not deleted"
    return found


def offered(row: Responsibility) -> ResponsibilityOffered:
    """What the log says of an offer."""
    organisation = (row.organisation_id, row.organisation_name)
    return ResponsibilityOffered(row.id, *organisation, row.part, row.hands_over)


def ended(row: Responsibility, state: State, reason: str) -> ResponsibilityEnded:
    """What the log says of an end."""
    organisation = (row.organisation_id, row.organisation_name)
    return ResponsibilityEnded(row.id, *organisation, row.part, state.value, reason, row.person_id)


async def _hand_over(
    tx: Transaction, case: Case, row: Responsibility, now: datetime
) -> list[Event]:
    """End the lead that hands over to ``row``; nothing if it has ended by itself."""
    if row.hands_over is None:
        return []
    before = await responsibility.get(tx, row.hands_over)
    assert before is not None, "responsibilities are not deleted"
    if before.state != State.ACTIVE:
        return []
    state = after(State.ACTIVE, Act.HAND_OVER)
    reason = row.note
    await responsibility.move(
        tx,
        before.id,
        State.ACTIVE,
        state,
        ended_by=row.offered_by,
        ended_at=now,
        ended_reason=reason,
    )
    await take_role(tx, case.idea.id, before)
    return [ended(before, state, reason)]


async def _end(
    tx: Transaction, case: Case, row: Responsibility, act: Act, reason: str, now: datetime
) -> StoredEvent:
    """End an open offer and write its event."""
    state = after(State(row.state), act)
    await responsibility.move(
        tx,
        row.id,
        State.OFFERED,
        state,
        ended_by=case.person_id,
        ended_at=now,
        ended_reason=reason,
    )
    return await tell(tx, case, ended(row, state, reason), now)


async def _speaker_of(tx: Transaction, case: Case, row: Responsibility, handle: str) -> UUID:
    """Who is to stand for the organisation: who was named, who offered, or who signs.

    Who offered and was suspended since does not.
    """
    if handle:
        return await speaker(tx, handle, row.organisation_id)
    offerer = await people.get(tx, row.person_id) if row.person_id else None
    return offerer.id if offerer and offerer.suspended_at is None else case.person_id


async def _offering_organisation(tx: Transaction, row: Responsibility) -> UUID:
    """The organisation in whose name the offer was made: it itself, or the lead that hands over."""
    if row.hands_over is None:
        return row.organisation_id
    before = await responsibility.get(tx, row.hands_over)
    assert before is not None, "responsibilities are not deleted"
    return before.organisation_id

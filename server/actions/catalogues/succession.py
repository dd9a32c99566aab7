"""What a legal successor takes over: the responsibilities of the organisation it follows."""

from datetime import datetime
from uuid import UUID, uuid4

from collab.process.events.event import Event, is_public
from collab.process.events.responsibility import ResponsibilityConfirmed
from collab.process.responsibility.states import Act, Part, State, after
from server.actions.responsibility.offers import ended
from server.actions.responsibility.roles import give_role
from storage import documents, events, ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process import responsibility
from storage.process.organisations import Organisation
from storage.process.responsibility import Responsibility
from storage.tables.ideas import Idea


async def take_over(
    tx: Transaction,
    organisation_id: UUID,
    successor: Organisation,
    *,
    reason: str,
    by: UUID,
    now: datetime,
) -> list[StoredEvent]:
    """Hand every active responsibility to the successor, with who stands for it at the idea.

    What was answered for until now stays on record under the old name. Open offers are left to
    their deadline: nobody can sign them for an organisation that has ended.
    """
    found = await responsibility.active_of(tx, organisation_id)
    cases = {idea.id: idea for idea in await _ideas(tx, found)}
    await documents.lock_heads(tx, [idea.document_id for idea in cases.values()])
    facts: list[tuple[Idea, Event]] = []
    # Read anew: until the locks were held, somebody else could act.
    for row in await responsibility.active_of(tx, organisation_id):
        if row.idea_id in cases:
            made = await _hand_over(tx, row, successor, reason=reason, by=by, now=now)
            facts += [(cases[row.idea_id], fact) for fact in made]
    return [
        await events.append(
            tx,
            fact,
            idea_id=idea.id,
            actor_id=by,
            public=is_public(fact, idea.stage),
            now=now,
        )
        for idea, fact in facts
    ]


async def _hand_over(
    tx: Transaction,
    row: Responsibility,
    successor: Organisation,
    *,
    reason: str,
    by: UUID,
    now: datetime,
) -> list[Event]:
    state = after(State(row.state), Act.HAND_OVER)
    ends = {"ended_by": by, "ended_at": now, "ended_reason": reason}
    await responsibility.move(tx, row.id, State.ACTIVE, state, **ends)
    told: list[Event] = [ended(row, state, reason)]
    own = [
        each
        for each in await responsibility.open_at(tx, row.idea_id)
        if (each.organisation_id, each.part) == (successor.id, row.part)
    ]
    if any(each.state == State.ACTIVE for each in own):
        return told
    taken = own[0] if own else await _offer(tx, row, successor, reason=reason, by=by, now=now)
    person_id = row.person_id or taken.person_id or by
    signed = {"person_id": person_id, "confirmed_by": by, "confirmed_at": now}
    await responsibility.move(tx, taken.id, State.OFFERED, State.ACTIVE, **signed)
    await give_role(tx, row.idea_id, person_id, Part(row.part))
    named = (successor.id, successor.name, row.part, person_id)
    return [*told, ResponsibilityConfirmed(taken.id, *named)]


async def _offer(
    tx: Transaction,
    row: Responsibility,
    successor: Organisation,
    *,
    reason: str,
    by: UUID,
    now: datetime,
) -> Responsibility:
    """What the successor takes over, not yet signed."""
    return await responsibility.offer(
        tx,
        id=uuid4(),
        idea_id=row.idea_id,
        organisation_id=successor.id,
        organisation_name=successor.name,
        actor_class=successor.actor_class,
        part=row.part,
        note=reason,
        hands_over=row.id,
        person_id=row.person_id,
        offered_by=by,
        offered_at=now,
        expires_at=now,
    )


async def _ideas(tx: Transaction, rows: list[Responsibility]) -> list[Idea]:
    found = [await ideas.get(tx, idea_id) for idea_id in {row.idea_id for row in rows}]
    return [idea for idea in found if idea is not None]

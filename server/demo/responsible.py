"""Organisations of the demonstration that offer to answer for an idea, and who signs for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from collab.process.actors import Actor, ActorClass
from collab.process.calendar.deadlines import Span, due
from collab.process.events.responsibility import ResponsibilityConfirmed
from collab.process.gates.facts import LeadFacts
from collab.process.responsibility.rules import check_note
from collab.process.responsibility.states import Act, Part, State, after
from server.actions.responsibility.offers import offered
from server.actions.responsibility.roles import ROLES, give_role
from server.demo.case import NAMESPACE, Case, id_of
from server.demo.content import DemoOrganisation
from storage.database import Transaction
from storage.process import responsibility

WORKING_DAYS: Final = 20


def organisation_id(key: str) -> UUID:
    """The id of the organisation that the files call so."""
    return uuid5(NAMESPACE, key)


async def offer(
    tx: Transaction,
    case: Case,
    actor: Actor,
    body: DemoOrganisation,
    data: Mapping[str, Any],
    now: datetime,
) -> None:
    """Offer to lead, or to take part, in the name of the actor's organisation."""
    row = await responsibility.offer(
        tx,
        id=_id(case, data),
        idea_id=case.idea_id,
        organisation_id=organisation_id(body.key),
        organisation_name=body.name,
        actor_class=body.actor_class.value,
        part=_part(data),
        note=check_note(data.get("note", ""), "note", required=False),
        person_id=id_of(actor),
        offered_by=id_of(actor),
        offered_at=now,
        expires_at=due(now, Span(WORKING_DAYS)),
    )
    await case.tell(tx, actor, offered(row), now)


async def sign(
    tx: Transaction, case: Case, actor: Actor, data: Mapping[str, Any], now: datetime
) -> None:
    """Sign the offer; who made it has the role that comes with it from now on."""
    row = await responsibility.get(tx, _id(case, data))
    assert row is not None, case.idea.key
    assert row.person_id is not None, case.idea.key
    part = Part(row.part)
    state = after(State(row.state), Act.CONFIRM)
    confirmed = {"confirmed_by": actor.person_id, "confirmed_at": now}
    await responsibility.move(tx, row.id, State.OFFERED, state, **confirmed)
    organisation = (row.organisation_id, row.organisation_name)
    await give_role(tx, case.idea_id, row.person_id, part)
    case.team.setdefault(row.person_id, set()).add(ROLES[part])
    if part is Part.LEAD:
        case.lead = LeadFacts(*organisation, ActorClass(row.actor_class))
    confirmed_now = ResponsibilityConfirmed(row.id, *organisation, row.part, row.person_id)
    await case.tell(tx, actor, confirmed_now, now)


def _id(case: Case, data: Mapping[str, Any]) -> UUID:
    return uuid5(case.idea_id, f"{_part(data)} {data['organisation']}")


def _part(data: Mapping[str, Any]) -> str:
    return Part(data.get("part", Part.LEAD)).value

"""What official acts make of a measure: its number in the register, and its recognition."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from collab.process.calendar.berlin import berlin_date
from collab.process.events.event import Event
from collab.process.events.measures import MeasureNumbered, RecognitionChanged
from collab.process.measures import recognition as rules
from collab.process.measures.numbers import Series
from collab.process.measures.recognition import State
from collab.process.stages import MADE_BY
from server.actions.measures.commitments import signed_in
from storage import ideas, stages
from storage.database import Transaction
from storage.process import responsibility
from storage.process.measures import commitments
from storage.process.measures import register as measures
from storage.process.measures.commitments import Commitment
from storage.process.measures.register import Recognition
from storage.process.responsibility import Responsibility

if TYPE_CHECKING:
    from server.actions.official.effects import Act


async def become_measure(tx: Transaction, act: Act) -> list[Event]:
    """Say what type of measure the idea is, and enter it in the register under its number."""
    idea, kind = act.case.idea, MADE_BY[act.effect].value
    await ideas.set_measure_type(tx, idea.id, kind)
    known = await measures.of_idea(tx, idea.id)
    if known is not None:
        await measures.retype(tx, known.number, kind, act.change_id, act.now)
        return [MeasureNumbered(known.number, kind)]
    number = await measures.next_number(tx, Series.MEASURE, berlin_date(act.now).year)
    made = await measures.enter(tx, number, kind, act.now, idea_id=idea.id, change_id=act.change_id)
    return [MeasureNumbered(made.number, kind)]


async def change_recognition(tx: Transaction, act: Act) -> list[Event]:
    """Give, suspend, give again or withdraw; a withdrawn number is never given again."""
    living = await measures.living_recognition(tx, act.case.idea.id)
    before = State(living.state) if living else None
    state = rules.after(before, act.effect)
    if state is None:
        return []
    if living is None:
        given = await _give(tx, act)
        return [_told(given, State.VALID, act.reason)]
    values = {"state": state, "changed_at": act.now, "reason": act.reason}
    if state is State.VALID:
        lead, commitment = await _ground(tx, act.case.idea.id)
        values |= {
            "commitment_id": commitment.id,
            "organisation_id": lead.organisation_id,
            "organisation_name": lead.organisation_name,
        }
    is_first = await measures.change_recognition(
        tx, living.number, State(living.state), changed_by_id=act.change_id, **values
    )
    assert is_first, "nobody acts at an idea whose document somebody else holds"
    return [_told(living, state, act.reason)]


async def _give(tx: Transaction, act: Act) -> Recognition:
    """A recognition under a new number, with the ground on which it is given."""
    idea_id = act.case.idea.id
    lead, commitment = await _ground(tx, idea_id)
    change = await stages.latest(tx, idea_id)
    assert change is not None
    assert change.id == act.change_id, "an effect belongs to the act that has just been written"
    number = await measures.next_number(tx, Series.RECOGNITION, berlin_date(act.now).year)
    return await measures.give_recognition(
        tx,
        number=str(number),
        idea_id=idea_id,
        given_at=act.now,
        given_by=act.case.person_id,
        office=change.office or "",
        organisation_id=lead.organisation_id,
        organisation_name=lead.organisation_name,
        commitment_id=commitment.id,
        change_id=act.change_id,
        changed_at=act.now,
        changed_by_id=act.change_id,
        reason=act.reason,
    )


async def _ground(tx: Transaction, idea_id: UUID) -> tuple[Responsibility, Commitment]:
    """Who leads, and what it has signed; the gate has made sure of both."""
    lead = (await responsibility.leads(tx, [idea_id]))[idea_id]
    signed = signed_in(await commitments.of_idea(tx, idea_id), lead.organisation_id)
    assert signed is not None, "recognised without a commitment"
    return lead, signed


def _told(row: Recognition, state: State, reason: str) -> Event:
    return RecognitionChanged(row.number, state.value, row.organisation_name, reason)

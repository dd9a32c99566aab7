"""Settling what judgements make a condition: it is met, or accepted for a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor
from collab.process.casefile.conditions import check_settlement, made_by
from collab.process.events.casefile import ConditionSettled
from collab.process.feasibility.judgements import Judgement
from collab.process.following.notices import NoticeReason
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, tell
from server.actions.facts.case import team_ids
from server.actions.facts.opinions import judgement_values
from server.actions.feasibility.sight import hidden_from, open_round
from server.actions.following.addressing import address
from server.auth import limits
from server.faces import Face, faces
from server.services import Services
from storage import ideas
from storage.database import Transaction
from storage.feasibility import judgements
from storage.process.casefile import conditions
from storage.process.casefile.conditions import Condition


@dataclass(frozen=True, slots=True)
class Demand:
    """One condition with how it was settled; earlier settlements are of earlier revisions."""

    judgement: Judgement
    by: Face
    settled: Condition | None
    settler: Face | None
    earlier: tuple[Condition, ...]


async def settle_condition(
    services: Services,
    actor: Actor,
    ref: str,
    dimension: str,
    handle: str,
    *,
    state: str,
    because: str,
    expected_revision: int,
) -> Demand:
    """Say that the condition of ``handle`` is met, or why it is accepted unmet.

    Whose condition it is hears of it. While a round hides the judgement, nobody settles it.

    Raises:
        NotFound: (condition-unknown) the person makes no condition in this dimension.
        Invalid: names every faulty field.
        Conflict: (condition-moved) the person has judged again since; ``current`` says how.
    """
    found_state, why = check_settlement(state, because)
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.SETTLE_CONDITION)
        demand = await demand_of(tx, case, dimension, handle, now)
        one = demand.judgement
        if one.revision != expected_revision:
            current = {"revision": one.revision, "reason": one.reason}
            raise Conflict("condition-moved", current=current)
        await conditions.settle(
            tx,
            idea_id=case.idea.id,
            dimension=dimension,
            person_id=one.person_id,
            revision=one.revision,
            state=found_state.value,
            because=why,
            by=case.person_id,
            now=now,
        )
        await ideas.touch(tx, case.idea.id, now)
        demand = await demand_of(tx, case, dimension, handle, now)
        fact = ConditionSettled(dimension, one.person_id, found_state.value, why)
        event = await tell(tx, case, fact, now)
        await address(tx, event, [one.person_id], NoticeReason.CONDITION)
    await services.announcer.announce([event])
    return demand


async def demands(tx: Transaction, case: Case, now: datetime) -> list[Demand]:
    """Every condition that counts, settled or not, by dimension; without what is hidden now.

    To settle it would tell everybody of it, so a round that hides anything hides it from who has
    judged himself, too.
    """
    held = await open_round(tx, case, now)
    unseen = set(await hidden_from(tx, case, now))
    unseen |= set(held.dimensions) if held and held.is_hiding else set()
    rows = [
        row for row in await judgements.of_idea(tx, case.idea.id) if row.dimension not in unseen
    ]
    settled = await conditions.of_idea(tx, case.idea.id)
    people = {row.person_id for row in rows} | {row.by for row in settled}
    known = await faces(tx, people)
    values = judgement_values(rows, known, await team_ids(tx, case.idea.id))
    return [_demand(one, settled, known) for one in made_by(values)]


async def demand_of(
    tx: Transaction, case: Case, dimension: str, handle: str, now: datetime
) -> Demand:
    """The condition that the person makes in the dimension."""
    for demand in await demands(tx, case, now):
        if demand.judgement.dimension == dimension and demand.by.handle == handle:
            return demand
    raise NotFound("condition-unknown")


def _demand(one: Judgement, settled: list[Condition], known: Mapping[UUID, Face]) -> Demand:
    own = [
        row for row in settled if row.dimension == one.dimension and row.person_id == one.person_id
    ]
    now = next((row for row in own if row.revision == one.revision), None)
    return Demand(
        judgement=one,
        by=known[one.person_id],
        settled=now,
        settler=known[now.by] if now else None,
        earlier=tuple(row for row in own if row.revision != one.revision),
    )

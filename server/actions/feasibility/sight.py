"""What a reader may see of judgements now: by the round that is open, and by what he has judged."""

from datetime import datetime

from collab.process.feasibility.dimensions import load_feasibility
from collab.process.feasibility.rounds import Disclosure, Given, Round, hidden
from collab.process.permissions import Action, roles_for
from collab.process.version import TextVersion
from server.actions.cases import Case
from storage.database import Transaction
from storage.feasibility import judgements, rounds
from storage.feasibility.rounds import JudgementRound


def round_value(row: JudgementRound) -> Round:
    """A stored round as the rules take it."""
    return Round(
        id=row.id,
        dimensions=tuple(row.dimensions),
        disclosure=Disclosure(row.disclosure),
        version=TextVersion(row.epoch, row.seq, row.sha256),
        ends_at=row.ends_at,
        closed_at=row.closed_at,
    )


def is_collecting(stage: str) -> bool:
    """Whether judgements are collected in the stage, by whomever."""
    return bool(roles_for(Action.JUDGE, stage))


async def open_round(tx: Transaction, case: Case, now: datetime) -> Round | None:
    """The round in which the idea is judged at this moment."""
    row = await rounds.unclosed(tx, case.idea.id)
    found = round_value(row) if row is not None else None
    is_open = found is not None and found.is_open(now) and is_collecting(case.idea.stage)
    return found if is_open else None


async def hidden_from(tx: Transaction, case: Case, now: datetime) -> frozenset[str]:
    """The dimensions of which the case's actor does not see what others hold."""
    template = load_feasibility()
    mine = [
        Given(row.dimension, row.round_id)
        for row in await judgements.of_idea(tx, case.idea.id)
        if row.person_id == case.actor.person_id
    ]
    return hidden(
        template.dimension_ids,
        template.rounds,
        await open_round(tx, case, now),
        mine,
        is_collecting=is_collecting(case.idea.stage),
    )

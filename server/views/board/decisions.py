"""Prepared decisions as they are reviewed: what is to happen, and whether it still fits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from collab.process.actors import Actor
from collab.process.board.prepared import LISTS_MAX
from collab.process.permissions import Action, require
from collab.process.processes import load_process
from collab.process.stages import Stage
from server.actions.access import known
from server.actions.board.claims import names
from server.actions.board.prepared import seen_of
from server.actions.cases import Case, at_idea
from server.actions.live.exact_text import is_current
from server.services import Services
from server.views.ways import Condition, conditions
from storage import ideas
from storage.database import Transaction
from storage.ideas import Idea
from storage.process.board import columns, prepared
from storage.process.board.prepared import PreparedAct


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an act was not executed, in words of the templates."""

    code: str
    unmet: tuple[Condition, ...]
    winner: str
    stage: Stage | None


@dataclass(frozen=True, slots=True)
class Act:
    """One prepared act beside its idea as it is now."""

    row: PreparedAct
    idea: Idea
    source: Stage | None
    target: Stage | None
    prepared_by: str
    has_moved: bool
    """Somebody has acted at the idea since."""
    text_moved: bool
    refused: Refused | None

    @property
    def is_current(self) -> bool:
        return not (self.has_moved or self.text_moved)


@dataclass(frozen=True, slots=True)
class DecisionList:
    """The acts under one name, in the order in which they were prepared."""

    name: str
    acts: tuple[Act, ...]


async def decision_lists(services: Services, actor: Actor) -> list[DecisionList]:
    """All lists, for somebody who may see the board."""
    known(actor)
    require(Action.READ_BOARD, actor)
    async with services.database.read() as tx:
        found = await prepared.lists(tx, LISTS_MAX)
        return [DecisionList(name, await _acts(tx, actor, name)) for name in found]


async def _acts(tx: Transaction, actor: Actor, list_name: str) -> tuple[Act, ...]:
    rows = await prepared.of_list(tx, list_name)
    found = {row.idea_id: await ideas.get(tx, row.idea_id) for row in rows}
    shown = await columns.shown_versions(tx, found)
    winners = [UUID(each["person_id"]) for each in map(_winner, rows) if each]
    named = await names(tx, [*(row.prepared_by for row in rows), *winners])
    acts = []
    for row in rows:
        idea = found[row.idea_id]
        assert idea is not None, "a foreign key forbids acts on nothing"
        process = load_process(idea.process_id, idea.process_version)
        now = shown.get(idea.id)
        acts.append(
            Act(
                row=row,
                idea=idea,
                source=process.stage(idea.stage),
                target=process.stage(row.to_stage),
                prepared_by=named[row.prepared_by],
                has_moved=idea.revision != row.revision,
                text_moved=now is None or not is_current(seen_of(row), now),
                refused=_refused(Case(idea, await at_idea(tx, actor, idea)), row.refusal, named),
            )
        )
    return tuple(acts)


def _winner(row: PreparedAct) -> dict[str, Any]:
    """Who was quicker than the act, as far as a refusal said so."""
    return dict((row.refusal or {}).get("winner") or {})


def _refused(
    case: Case, refusal: Mapping[str, Any] | None, named: Mapping[UUID, str]
) -> Refused | None:
    if refusal is None:
        return None
    winner = refusal.get("winner") or {}
    return Refused(
        code=str(refusal["code"]),
        unmet=tuple(conditions(case, refusal.get("unmet", []))),
        winner=named.get(UUID(winner["person_id"]), "") if winner else "",
        stage=case.process.stage(str(winner.get("to"))),
    )

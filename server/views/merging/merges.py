"""Merges as one reader sees them: who is asked, what goes along, and what he may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.process.actors import Role
from collab.process.gates.facts import MergeFacts
from collab.process.merging.rules import MergeState, Side
from collab.process.permissions import Action
from collab.process.stages import Stage
from server.actions.cases import Case
from server.actions.facts.merging import merging_of
from server.actions.merging.proposing import Asked, may_withdraw, merge_of
from server.faces import Face, faces
from server.views.arena.cards import stage_of
from storage import ideas
from storage.database import Transaction
from storage.merging import parts
from storage.merging.parts import Kind
from storage.process.ties import merging
from storage.process.ties.merging import IdeaMerge, MergeConsent
from storage.tables.ideas import Idea

SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class ConsentView:
    """Somebody who is asked, and what he said."""

    face: Face
    row: MergeConsent


@dataclass(frozen=True, slots=True)
class MergeView:
    """One merge with its people; ``counts`` is what is on its map."""

    both: Asked
    stages: tuple[Stage, Stage]
    proposer: Face
    asked: tuple[ConsentView, ...]
    counts: dict[Kind, int]
    facts: MergeFacts | None
    mine: MergeConsent | None
    may_answer: bool
    may_withdraw: bool

    @property
    def row(self) -> IdeaMerge:
        return self.both.row

    @property
    def source(self) -> Idea:
        return self.both.source.idea

    @property
    def target(self) -> Idea:
        return self.both.target.idea

    @property
    def is_asked(self) -> bool:
        return self.row.state == MergeState.ASKED

    @property
    def is_done(self) -> bool:
        return self.row.state == MergeState.DONE

    @property
    def of_source(self) -> list[ConsentView]:
        return [each for each in self.asked if each.row.side == Side.SOURCE]

    @property
    def of_target(self) -> list[ConsentView]:
        return [each for each in self.asked if each.row.side == Side.TARGET]


@dataclass(frozen=True, slots=True)
class Ancestor:
    """An idea that went on in this one, and who wrote it."""

    merge_id: UUID
    idea: Idea
    at: datetime
    authors: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where an idea goes on, and what it came from."""

    into: Idea | None
    came_from: tuple[Ancestor, ...]
    asked: tuple[MergeView, ...]
    """Merges that are asked for now, with this idea at either end."""
    may_propose: bool


async def merges_of(tx: Transaction, case: Case, now: datetime) -> list[MergeView]:
    """Merges at either end of which the case is, the newest first; of readable ideas only."""
    rows = await merging.of_idea(tx, case.idea.id, SHOWN_MAX)
    return [await merge_view(tx, case, row, now) for row in rows]


async def merge_view(tx: Transaction, case: Case, row: IdeaMerge, now: datetime) -> MergeView:
    """One merge for the case's actor."""
    both = await merge_of(tx, case.actor, case.idea.ref, row.id)
    found = await merging.consents(tx, row.id)
    known = await faces(tx, {row.proposed_by, *(each.person_id for each in found)})
    me = case.actor.person_id
    mine = next((each for each in found if each.person_id == me), None)
    is_asked = row.state == MergeState.ASKED
    return MergeView(
        both=both,
        stages=(stage_of(both.source.idea.stage), stage_of(both.target.idea.stage)),
        proposer=known[row.proposed_by],
        asked=tuple(ConsentView(known[each.person_id], each) for each in found),
        counts=await parts.counts(tx, row.id),
        facts=await merging_of(tx, both.source, now) if is_asked else None,
        mine=mine,
        may_answer=is_asked and mine is not None and both.source.may(Action.ANSWER_MERGE),
        may_withdraw=is_asked and me is not None and may_withdraw(both),
    )


async def lineage(tx: Transaction, case: Case, now: datetime) -> Lineage:
    """Where the idea goes on, what it came from, and what is asked."""
    rows = await merging.of_idea(tx, case.idea.id, SHOWN_MAX)
    done = [row for row in rows if row.state == MergeState.DONE]
    away = next((row.target_id for row in done if row.source_id == case.idea.id), None)
    came = [row for row in reversed(done) if row.target_id == case.idea.id]
    asked = [await merge_view(tx, case, row, now) for row in rows if row.state == MergeState.ASKED]
    return Lineage(
        into=await ideas.get(tx, away) if away else None,
        came_from=tuple([await _ancestor(tx, row) for row in came]),
        asked=tuple(asked),
        may_propose=case.may(Action.PROPOSE_MERGE),
    )


async def _ancestor(tx: Transaction, row: IdeaMerge) -> Ancestor:
    idea = await ideas.get(tx, row.source_id)
    assert idea is not None, "a foreign key holds it"
    assert row.merged_at is not None, "it was carried out"
    team = (await ideas.team(tx, [idea.id])).get(idea.id, [])
    wrote = [each.person_id for each in team if each.role == Role.AUTHOR]
    known = await faces(tx, wrote)
    authors = sorted({known[each] for each in wrote}, key=lambda face: face.name)
    return Ancestor(row.id, idea, row.merged_at, tuple(authors))

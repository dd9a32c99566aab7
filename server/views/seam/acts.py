"""An official act as a page of its own shows it: what, who, why, on which text, and what then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from collab.errors import NotFound
from collab.process.seam.statement import load_statements
from collab.process.seam.undo import UNDO, may_undo, undo_until, way_of
from collab.process.stages import Stage, Transition
from collab.process.templates.reading import Words
from server.actions.cases import Case
from server.actions.seam.statements import statement_way
from server.actions.seam.undo import done_act
from server.views.record.known import known_moves
from storage import stages
from storage.database import Transaction
from storage.tables.stages import StageChange


@dataclass(frozen=True, slots=True)
class ActView:
    """One act; ``label`` is None for an undoing."""

    change: StageChange
    label: Words | None
    source: Stage | None
    target: Stage | None
    reason_code: Words | None
    advice: tuple[Words, ...]
    undone: StageChange | None
    """The act that this one takes back."""
    undone_by: StageChange | None
    """The act that takes this one back."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """That the reader may still undo an act, and how long."""

    revision: int
    until: datetime
    left: timedelta


async def act_view(tx: Transaction, case: Case, revision: int) -> ActView:
    """The act that led to ``revision``.

    Raises:
        NotFound: there is none that this reader may know of, or nobody is owed a statement of
            reasons for it.
    """
    moves = known_moves(case, await stages.history(tx, case.idea.id))
    history = {each.revision: each for each in moves}
    change = history.get(revision)
    way = None if change is None else await statement_way(tx, case.process, change)
    if change is None or way is None:
        raise NotFound
    is_undoing = change.transition == UNDO
    return ActView(
        change=change,
        label=None if is_undoing else way.label,
        source=case.process.stage(change.from_stage),
        target=case.process.stage(change.to_stage),
        reason_code=_reason_code(way, change),
        advice=() if is_undoing else tuple(load_statements().for_act(way.id, change.reason_code)),
        undone=history.get(change.undoes or 0),
        undone_by=next((each for each in history.values() if each.undoes == revision), None),
    )


def undoing(case: Case, history: list[StageChange], now: datetime) -> Undoing | None:
    """The last act, if the reader may undo it now."""
    if not history or history[-1].revision != case.idea.revision:
        return None
    act = done_act(history[-1], case.idea.kind)
    way = way_of(case.process, act)
    until = undo_until(way, act.at)
    if way is None or until is None or now > until or not may_undo(way, act, case.actor):
        return None
    return Undoing(act.revision, until, until - now)


def gives_statement(case: Case, history: list[StageChange]) -> frozenset[int]:
    """The revisions of the acts that have a page with their reasons."""
    owed = {
        each.revision
        for each in history
        if any(
            way.statement and (way.id, way.target) == (each.transition, each.to_stage)
            for way in case.process.transitions
        )
    }
    return frozenset(owed | {each.revision for each in history if each.undoes in owed})


def _reason_code(way: Transition, change: StageChange) -> Words | None:
    return next((each.label for each in way.reasons if each.id == change.reason_code), None)

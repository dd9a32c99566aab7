"""Tasks as one reader sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from collab.process.actors import Actor
from collab.process.permissions import Action, may
from collab.process.talk.tasks import OPEN_TASKS_MAX, is_overdue
from server.actions.cases import Case
from server.actions.facts.case import team_ids
from server.actions.talk.tasks import may_finish, my_tasks
from server.faces import Face, faces
from storage.database import Transaction
from storage.tables.ideas import Idea
from storage.talk import tasks
from storage.talk.tasks import Task

SETTLED_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task with the people it names; ``text`` is None where it was made of a hidden comment."""

    row: Task
    text: str | None
    owner: Face | None
    settler: Face | None
    is_overdue: bool
    may_finish: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of an idea; ``earlier`` is where older settled ones begin."""

    open_tasks: tuple[TaskView, ...]
    settled: tuple[TaskView, ...]
    earlier: int | None
    may_plan: bool
    people: tuple[Face, ...]
    """The team, to whom a task is given most often."""


async def plan(tx: Transaction, case: Case, today: date, before: int | None = None) -> Plan:
    """What is open at the idea, and what was settled."""
    still = await tasks.of_idea(tx, case.idea.id, is_open=True, limit=OPEN_TASKS_MAX)
    done = await tasks.of_idea(
        tx, case.idea.id, is_open=False, limit=SETTLED_SHOWN + 1, before=before
    )
    shown = done[:SETTLED_SHOWN]
    known = await _people(tx, [*still, *shown])
    return Plan(
        open_tasks=tuple(view(case, row, known, today) for row in still),
        settled=tuple(view(case, row, known, today) for row in shown),
        earlier=shown[-1].number if len(done) > SETTLED_SHOWN else None,
        may_plan=case.may(Action.MANAGE_TASKS),
        people=await team_faces(tx, case),
    )


async def mine(tx: Transaction, actor: Actor, today: date) -> list[tuple[TaskView, Idea]]:
    """What is the actor's to do, with the idea of each."""
    found = await my_tasks(tx, actor)
    known = await _people(tx, [row for row, _ in found])
    is_moderator = may(actor, Action.DECIDE_REPORTS)
    return [
        (_view(row, known, today, may_finish=True, sees_hidden=is_moderator), idea)
        for row, idea in found
    ]


async def one(tx: Transaction, case: Case, row: Task, today: date) -> TaskView:
    """One task as the case's actor sees it."""
    return view(case, row, await _people(tx, [row]), today)


async def team_faces(tx: Transaction, case: Case) -> tuple[Face, ...]:
    """The team of the idea, by name."""
    known = await faces(tx, await team_ids(tx, case.idea.id))
    return tuple(sorted(known.values(), key=lambda face: face.name))


def view(case: Case, row: Task, known: Mapping[UUID, Face], today: date) -> TaskView:
    """A task as the case's actor sees it."""
    sees_hidden = case.may(Action.HIDE_COMMENT)
    return _view(row, known, today, may_finish=may_finish(case, row), sees_hidden=sees_hidden)


def _view(
    row: Task,
    known: Mapping[UUID, Face],
    today: date,
    *,
    may_finish: bool,
    sees_hidden: bool,
) -> TaskView:
    return TaskView(
        row=row,
        text=row.text if sees_hidden or row.hidden_with is None else None,
        owner=known[row.owner_id] if row.owner_id else None,
        settler=known[row.settled_by] if row.settled_by else None,
        is_overdue=is_overdue(row.state, row.due, today),
        may_finish=may_finish,
    )


async def _people(tx: Transaction, rows: Iterable[Task]) -> dict[UUID, Face]:
    named = {each for row in rows for each in (row.owner_id, row.settled_by)}
    return await faces(tx, {each for each in named if each is not None})

"""Tasks of ideas: added, changed, settled, and whose they are."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.talk.tasks import TaskState
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.tables.ideas import Idea
from storage.tables.talk.tasks import Task

__all__ = [
    "Task",
    "add",
    "by_number",
    "change",
    "counts",
    "of_idea",
    "of_person",
    "open_counts",
    "settle",
]

TASK = METADATA.tables["task"]


async def add(
    tx: Transaction,
    *,
    task_id: UUID,
    idea_id: UUID,
    text: str,
    owner_id: UUID | None,
    due: date | None,
    comment_id: UUID | None,
    created_by: UUID,
    now: datetime,
) -> Task:
    """Add the next task of the idea; the caller holds the lock of its document's head."""
    query = select(func.max(TASK.c.number)).where(TASK.c.idea_id == idea_id)
    last = (await tx.run(query)).scalar()
    row = Task(
        id=task_id,
        idea_id=idea_id,
        number=(last or 0) + 1,
        text=text,
        owner_id=owner_id,
        due=due,
        comment_id=comment_id,
        created_by=created_by,
        created_at=now,
    )
    tx.add(row)
    await tx.flush()
    return row


async def by_number(tx: Transaction, idea_id: UUID, number: int) -> Task | None:
    """The task of that number."""
    return await tx.row(select_rows(Task).where(Task.idea_id == idea_id, Task.number == number))


async def of_idea(
    tx: Transaction, idea_id: UUID, *, is_open: bool, limit: int, before: int | None = None
) -> list[Task]:
    """Open tasks, the most urgent first; or settled ones before a number, the newest first."""
    query = select_rows(Task).where(
        Task.idea_id == idea_id, (col(Task.state) == TaskState.OPEN) == is_open
    )
    if before is not None:
        query = query.where(col(Task.number) < before)
    order = _urgent_first() if is_open else (col(Task.number).desc(),)
    return await tx.rows(query.order_by(*order).limit(limit))


async def of_person(tx: Transaction, person_id: UUID, limit: int) -> list[tuple[Task, Idea]]:
    """What is the person's to do, with the idea of each, the most urgent first."""
    query = (
        select_rows(Task, Idea)
        .join(Idea, col(Idea.id) == col(Task.idea_id))
        .where(col(Task.owner_id) == person_id, col(Task.state) == TaskState.OPEN)
        .order_by(*_urgent_first())
        .limit(limit)
    )
    return list(await tx.exec(query))


async def counts(tx: Transaction, idea_id: UUID) -> tuple[int, int]:
    """How many tasks are open, and how many there are."""
    is_open = case((TASK.c.state == TaskState.OPEN.value, 1), else_=0)
    query = select(func.coalesce(func.sum(is_open), 0), func.count())
    row = (await tx.run(query.where(TASK.c.idea_id == idea_id))).one()
    return int(row[0]), int(row[1])


@only_where_named("task.idea_id", nothing=lambda: (0, 0))
async def open_counts(tx: Transaction, idea_id: UUID, today: date) -> tuple[int, int]:
    """How many tasks are open, and how many of them should have been done by now."""
    is_late = case((TASK.c.due < today, 1), else_=0)
    query = select(func.count(), func.coalesce(func.sum(is_late), 0)).where(
        TASK.c.idea_id == idea_id, TASK.c.state == TaskState.OPEN.value
    )
    row = (await tx.run(query)).one()
    return int(row[0]), int(row[1])


async def change(
    tx: Transaction,
    task_id: UUID,
    *,
    text: str,
    owner_id: UUID | None,
    due: date | None,
    hidden_with: UUID | None = None,
) -> None:
    """Say anew what is to be done, by whom and until when; ``hidden_with`` as in the table."""
    values = {"text": text, "owner_id": owner_id, "due": due, "hidden_with": hidden_with}
    await tx.run(update(TASK).where(TASK.c.id == task_id).values(values))


async def settle(
    tx: Transaction, task_id: UUID, *, state: TaskState, reason: str, by: UUID, now: datetime
) -> None:
    """Say how the task ended, or that it is open again."""
    is_open = state is TaskState.OPEN
    values = {
        "state": state.value,
        "reason": "" if is_open else reason,
        "settled_by": None if is_open else by,
        "settled_at": None if is_open else now,
    }
    await tx.run(update(TASK).where(TASK.c.id == task_id).values(values))


def _urgent_first() -> tuple[Any, ...]:
    """By the day they are due; those without one come last, as SQL engines differ there."""
    return (case((TASK.c.due.is_(None), 1), else_=0), TASK.c.due, TASK.c.number)

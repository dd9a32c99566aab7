"""Tasks in the database."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from collab.process.talk.tasks import TaskState
from storage import ideas
from storage.database import Database, Transaction
from storage.talk import tasks
from tests.storage.making import a_person, an_idea, later


async def task(tx: Transaction, idea: ideas.Idea, text: str, **given: Any) -> tasks.Task:
    values = {
        "task_id": uuid4(),
        "idea_id": idea.id,
        "owner_id": None,
        "due": None,
        "comment_id": None,
        "created_by": idea.created_by,
        "now": later(),
        **given,
    }
    return await tasks.add(tx, text=text, **values)


async def test_c12_open_tasks_come_by_the_day_they_are_due(database: Database) -> None:
    idea, other, ben = await an_idea(database), await an_idea(database), await a_person(database)
    async with database.write() as tx:
        free = await task(tx, idea, "Wann auch immer")
        late = await task(tx, idea, "Spät", due=date(2026, 11, 20), owner_id=ben)
        soon = await task(tx, idea, "Bald", due=date(2026, 12, 1), owner_id=ben)
        elsewhere = await task(tx, other, "Dort", owner_id=ben)
        assert [free.number, late.number, soon.number, elsewhere.number] == [1, 2, 3, 1]
    async with database.write() as tx:
        found = await tasks.of_idea(tx, idea.id, is_open=True, limit=9)
        assert [row.text for row in found] == ["Spät", "Bald", "Wann auch immer"]
        assert await tasks.open_counts(tx, idea.id, date(2026, 11, 21)) == (3, 1)
        mine = await tasks.of_person(tx, ben, 9)
        assert [(row.text, where.ref) for row, where in mine] == [
            ("Spät", idea.ref),
            ("Bald", idea.ref),
            ("Dort", other.ref),
        ]
        ended_at, state = later(hours=1), TaskState.DROPPED
        await tasks.settle(tx, late.id, state=state, reason="Zu teuer.", by=ben, now=ended_at)
        await tasks.change(tx, soon.id, text="Sehr bald", owner_id=None, due=None)
    async with database.read() as tx:
        assert await tasks.counts(tx, idea.id) == (2, 3)
        (ended,) = await tasks.of_idea(tx, idea.id, is_open=False, limit=9)
        assert (ended.reason, ended.settled_by, ended.settled_at) == (
            "Zu teuer.",
            ben,
            later(hours=1),
        )
        assert await tasks.of_idea(tx, idea.id, is_open=False, limit=9, before=2) == []
        changed = await tasks.by_number(tx, idea.id, 3)
        assert changed is not None
        assert (changed.text, changed.owner_id, changed.due) == ("Sehr bald", None, None)
    async with database.write() as tx:
        await tasks.settle(tx, late.id, state=TaskState.OPEN, reason="", by=ben, now=later())
        again = await tasks.by_number(tx, idea.id, 2)
        assert again is not None
        assert (again.state, again.settled_at, again.reason) == ("open", None, "")

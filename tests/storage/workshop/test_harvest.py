"""Points, ideas and the next date of workshops: what is written, what the constraints refuse."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from collab.process.talk.tasks import TaskState
from storage.database import Database, Transaction
from storage.erasure.holdings import owned
from storage.talk import tasks
from storage.workshop import harvest, workshops
from storage.workshop.harvest import HarvestPoint
from storage.workshop.workshops import Workshop
from tests.storage.making import NOW, later, make_idea, make_person


async def make_workshop(tx: Transaction, person_id: UUID, code: str = "ABC234") -> UUID:
    """A workshop of the person."""
    workshop_id = uuid4()
    await workshops.create(
        tx,
        Workshop(
            id=workshop_id,
            code=code,
            title="Abend",
            template_id="evening",
            template_version=1,
            agenda=[],
            step_began_at=NOW,
            created_by=person_id,
            created_at=NOW,
            joining_until=later(hours=12),
            expires_at=later(days=14),
        ),
    )
    return workshop_id


def point(workshop_id: UUID, author: UUID, number: int, **given: Any) -> HarvestPoint:
    """A point of the person."""
    values: dict[str, Any] = {"kind": "task", "text": "x", "created_by": author} | given
    return HarvestPoint(
        id=uuid4(), workshop_id=workshop_id, number=number, created_at=NOW, **values
    )


async def test_hv7_numbers_follow_each_other_however_many_write_at_once(
    database: Database,
) -> None:
    async with database.write() as tx:
        person_id = await make_person(tx)
        workshop_id = await make_workshop(tx, person_id)

    async def write() -> None:
        async with database.write() as tx:
            number = (await harvest.locked(tx, workshop_id)).points + 1
            await harvest.add_point(tx, point(workshop_id, person_id, number))

    await asyncio.gather(*(write() for _ in range(12)))
    async with database.write() as tx:
        assert [row.number for row in await harvest.points(tx, workshop_id)] == [*range(1, 13)]
        assert await harvest.count(tx, workshop_id) == 12
        last = await harvest.point(tx, workshop_id, 12)
        assert last is not None
        await harvest.delete_point(tx, last.id)
        assert (await harvest.locked(tx, workshop_id)).points == 12


@pytest.mark.parametrize(
    "faulty",
    [
        {"kind": "dance"},
        {"text": ""},
        {"text": "x" * 501},
        {"recorded_for": "x" * 61},
        {"number": 0},
        {"task_number": 1},
    ],
)
async def test_hv7_what_is_no_point_is_refused(database: Database, faulty: dict[str, Any]) -> None:
    async with database.write() as tx:
        person_id = await make_person(tx)
        workshop_id = await make_workshop(tx, person_id)
        await harvest.locked(tx, workshop_id)
    values = {"number": 1, **faulty}
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await harvest.add_point(tx, point(workshop_id, person_id, **values))


async def test_hv8_a_date_without_an_end_or_before_its_beginning_is_refused(
    database: Database,
) -> None:
    async with database.write() as tx:
        workshop_id = await make_workshop(tx, await make_person(tx))
        await harvest.locked(tx, workshop_id)
    for meeting in (
        {"meets_at": NOW},
        {"meets_at": NOW, "meets_until": NOW},
        {"meets_at": NOW, "meets_until": NOW - timedelta(hours=1)},
    ):
        with pytest.raises(IntegrityError):
            async with database.write() as tx:
                await harvest.change(tx, workshop_id, meeting)


async def test_hv10_hv11_ideas_are_noted_once_and_settled_tasks_are_known(
    database: Database,
) -> None:
    async with database.write() as tx:
        person_id = await make_person(tx)
        workshop_id = await make_workshop(tx, person_id)
        idea = await make_idea(tx, person_id)
        assert await harvest.note_idea(tx, workshop_id, idea.id, "opened", NOW)
        assert not await harvest.note_idea(tx, workshop_id, idea.id, "made", later())
        await harvest.keep_version(tx, workshop_id, idea.id, 2, 7)
        ((row, found),) = await harvest.ideas_of(tx, workshop_id)
        assert (found.id, row.way, row.kept_epoch, row.kept_seq) == (idea.id, "opened", 2, 7)
        assert [each.id for each in await harvest.workshops_of(tx, idea.id)] == [workshop_id]
        await harvest.locked(tx, workshop_id)
        given = {"idea_id": idea.id, "person_id": person_id, "recorded_for": ""}
        await harvest.add_point(tx, point(workshop_id, person_id, 1, **given))
        task = await tasks.add(
            tx,
            task_id=uuid4(),
            idea_id=idea.id,
            text="x",
            owner_id=None,
            due=None,
            comment_id=None,
            created_by=person_id,
            now=NOW,
        )
        (first,) = await harvest.points(tx, workshop_id)
        await harvest.change_point(tx, first.id, {"task_number": task.number})
        assert await harvest.settled_tasks(tx, workshop_id) == set()
        done = TaskState.DONE
        await tasks.settle(tx, task.id, state=done, reason="", by=person_id, now=NOW)
        assert await harvest.settled_tasks(tx, workshop_id) == {1}
        (mine,) = await owned(tx, "harvest_points", person_id)
        assert (mine["text"], mine["ref"]) == ("x", idea.ref)
        assert not {"person_id", "created_by"} & mine.keys()

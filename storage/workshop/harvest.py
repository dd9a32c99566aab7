"""What came out of workshops: points, ideas, the next date, and who may read of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.tables.ideas import Idea
from storage.tables.workshop.harvest import Harvest, HarvestPoint, WorkshopIdea
from storage.tables.workshop.workshops import Workshop

__all__ = ["Harvest", "HarvestPoint", "WorkshopIdea"]

HARVEST = METADATA.tables["harvest"]
POINT = METADATA.tables["harvest_point"]
NOTE_IDEA = METADATA.tables["note_idea"]
TASK = METADATA.tables["task"]
WORKSHOP_IDEA = METADATA.tables["workshop_idea"]


async def get(tx: Transaction, workshop_id: UUID) -> Harvest | None:
    """What is said of the harvest as a whole; None if nobody has said anything."""
    return await tx.row(select_rows(Harvest).where(Harvest.workshop_id == workshop_id))


async def locked(tx: Transaction, workshop_id: UUID) -> Harvest:
    """The harvest, which nobody else changes until ``tx`` ends; begun if there is none yet."""
    values = {"workshop_id": workshop_id, "points": 0, "meeting_place": "", "meeting_change": 0}
    await tx.insert_new(HARVEST, values)
    mine = HARVEST.c.workshop_id == workshop_id
    await tx.run(update(HARVEST).where(mine).values(points=HARVEST.c.points))
    found = await get(tx, workshop_id)
    assert found is not None, "it was just made"
    return found


async def change(tx: Transaction, workshop_id: UUID, values: Mapping[str, Any]) -> None:
    """Change columns of the harvest; whoever does it has it ``locked``."""
    await tx.run(update(HARVEST).where(HARVEST.c.workshop_id == workshop_id).values(dict(values)))


async def points(tx: Transaction, workshop_id: UUID) -> list[HarvestPoint]:
    """All points in the order in which they were written down."""
    query = select_rows(HarvestPoint).where(HarvestPoint.workshop_id == workshop_id)
    return await tx.rows(query.order_by(col(HarvestPoint.number)))


async def point(tx: Transaction, workshop_id: UUID, number: int) -> HarvestPoint | None:
    """The point of that number."""
    return await tx.row(
        select_rows(HarvestPoint).where(
            HarvestPoint.workshop_id == workshop_id, HarvestPoint.number == number
        )
    )


async def settled_tasks(tx: Transaction, workshop_id: UUID) -> set[int]:
    """The numbers of points that are tasks of ideas now and are done or dropped there."""
    query = (
        select(POINT.c.number)
        .join(TASK, (TASK.c.idea_id == POINT.c.idea_id) & (TASK.c.number == POINT.c.task_number))
        .where(POINT.c.workshop_id == workshop_id, TASK.c.settled_at.is_not(None))
    )
    return set((await tx.run(query)).scalars())


async def count(tx: Transaction, workshop_id: UUID) -> int:
    """How many points there are."""
    query = select(func.count()).where(POINT.c.workshop_id == workshop_id)
    return int((await tx.run(query)).scalar_one())


async def add_point(tx: Transaction, row: HarvestPoint) -> None:
    """Store a point under the next number; the caller has the harvest ``locked``."""
    tx.add(row)
    await tx.flush()
    await change(tx, row.workshop_id, {"points": row.number})


async def change_point(tx: Transaction, point_id: UUID, values: Mapping[str, Any]) -> None:
    """Change columns of one point."""
    await tx.run(update(POINT).where(POINT.c.id == point_id).values(dict(values)))


async def delete_point(tx: Transaction, point_id: UUID) -> None:
    """Take a point out; its number is not given again."""
    await tx.run(delete(POINT).where(POINT.c.id == point_id))


async def note_idea(
    tx: Transaction, workshop_id: UUID, idea_id: UUID, way: str, now: datetime
) -> bool:
    """Note that the idea belongs to the workshop; False if it does already, in whichever way."""
    values = {"workshop_id": workshop_id, "idea_id": idea_id, "way": way, "at": now}
    return await tx.insert_new(WORKSHOP_IDEA, values)


async def keep_version(
    tx: Transaction, workshop_id: UUID, idea_id: UUID, epoch: int, seq: int
) -> None:
    """Note which text the idea had when the harvest was handed over."""
    mine = (WORKSHOP_IDEA.c.workshop_id == workshop_id, WORKSHOP_IDEA.c.idea_id == idea_id)
    values = {"kept_epoch": epoch, "kept_seq": seq}
    await tx.run(update(WORKSHOP_IDEA).where(*mine).values(values))


async def ideas_of(tx: Transaction, workshop_id: UUID) -> list[tuple[WorkshopIdea, Idea]]:
    """The ideas of the workshop in the order in which they came to it."""
    query = (
        select_rows(WorkshopIdea, Idea)
        .join(Idea, col(Idea.id) == col(WorkshopIdea.idea_id))
        .where(col(WorkshopIdea.workshop_id) == workshop_id)
        .order_by(col(WorkshopIdea.at), col(Idea.number))
    )
    return list(await tx.exec(query))


@only_where_named("workshop_idea.idea_id", "note_idea.idea_id", nothing=list)
async def workshops_of(tx: Transaction, idea_id: UUID) -> list[Workshop]:
    """The workshops at which the idea was made or worked on, the first one first."""
    noted = select(WORKSHOP_IDEA.c.workshop_id).where(WORKSHOP_IDEA.c.idea_id == idea_id)
    made = select(NOTE_IDEA.c.workshop_id).where(NOTE_IDEA.c.idea_id == idea_id)
    query = select_rows(Workshop).where(
        or_(col(Workshop.id).in_(noted), col(Workshop.id).in_(made))
    )
    return await tx.rows(query.order_by(col(Workshop.created_at), col(Workshop.id)))

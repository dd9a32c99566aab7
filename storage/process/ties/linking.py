"""Links between ideas, read from either end."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import each_once, once
from storage.tables.ideas import Idea
from storage.tables.process.ties.linking import IdeaLink

__all__ = [
    "Answer",
    "IdeaLink",
    "add",
    "answers",
    "dependants",
    "get",
    "ideas_of",
    "of_idea",
    "remove",
]

IDEA = METADATA.tables["idea"]
IDEA_LINK = METADATA.tables["idea_link"]
STAGE_CHANGE = METADATA.tables["stage_change"]


class Answer(NamedTuple):
    """A measure that answers a need, and when it became one; None if that is not on record."""

    idea_id: UUID
    since: datetime | None


async def add(
    tx: Transaction, from_id: UUID, to_id: UUID, kind: str, *, by: UUID, now: datetime
) -> bool:
    """Link the two; False if they are linked so already."""
    values = {"from_id": from_id, "to_id": to_id, "kind": kind, "by": by, "at": now}
    return await tx.insert_new(IDEA_LINK, values)


async def remove(tx: Transaction, from_id: UUID, to_id: UUID, kind: str) -> bool:
    """Take the link away; False if there is none."""
    result = await tx.run(
        delete(IDEA_LINK).where(
            IDEA_LINK.c.from_id == from_id, IDEA_LINK.c.to_id == to_id, IDEA_LINK.c.kind == kind
        )
    )
    return result.rowcount == 1


async def get(tx: Transaction, from_id: UUID, to_id: UUID, kind: str) -> IdeaLink | None:
    return await tx.row(
        select_rows(IdeaLink).where(
            IdeaLink.from_id == from_id, IdeaLink.to_id == to_id, IdeaLink.kind == kind
        )
    )


@only_where_named("idea_link.from_id", "idea_link.to_id", nothing=list)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> list[IdeaLink]:
    """All links from and to the idea, oldest first."""
    query = select_rows(IdeaLink).where(
        or_(col(IdeaLink.from_id) == idea_id, col(IdeaLink.to_id) == idea_id)
    )
    return await tx.rows(query.order_by(col(IdeaLink.at), col(IdeaLink.from_id)))


@each_once
async def ideas_of(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, Idea]:
    """These ideas by id."""
    rows = await tx.rows(select_rows(Idea).where(col(Idea.id).in_(list(idea_ids))))
    return {row.id: row for row in rows}


@only_where_named("idea_link.to_id", nothing=list)
async def answers(tx: Transaction, need_id: UUID, measure_stages: Collection[str]) -> list[Answer]:
    """The measures that answer the need; one is a measure from its first such stage on."""
    first = func.min(STAGE_CHANGE.c.at)
    query = (
        select(IDEA.c.id, first)
        .join(IDEA_LINK, IDEA_LINK.c.from_id == IDEA.c.id)
        .outerjoin(
            STAGE_CHANGE,
            (STAGE_CHANGE.c.idea_id == IDEA.c.id)
            & STAGE_CHANGE.c.to_stage.in_(sorted(measure_stages)),
        )
        .where(
            IDEA_LINK.c.to_id == need_id,
            IDEA_LINK.c.kind == "answers",
            IDEA.c.kind == "proposal",
            IDEA.c.measure_type.is_not(None),
        )
        .group_by(IDEA.c.id)
    )
    return [Answer(row[0], row[1]) for row in await tx.run(query)]


async def dependants(tx: Transaction, idea_id: UUID, kinds: Collection[str]) -> list[Idea]:
    """The ideas that are linked to this one in one of the kinds, each once, by number."""
    of_them = select(IDEA_LINK.c.from_id).where(
        IDEA_LINK.c.to_id == idea_id, IDEA_LINK.c.kind.in_(sorted(kinds))
    )
    query = select_rows(Idea).where(col(Idea.id).in_(of_them))
    return await tx.rows(query.order_by(col(Idea.number)))

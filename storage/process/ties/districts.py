"""The districts that ideas name."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.sql.selectable import Select

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.process.ties.districts import IdeaDistrict

__all__ = ["IdeaDistrict", "ideas_in", "of_idea", "of_ideas", "put", "used_by"]

DISTRICT = METADATA.tables["idea_district"]


@only_where_named("idea_district.idea_id", nothing=tuple)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> tuple[str, ...]:
    """The districts of the idea in their order; none: its team has not said."""
    return (await of_ideas(tx, [idea_id])).get(idea_id, ())


async def of_ideas(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The districts of those of the ideas that name any, in one query."""
    found: dict[UUID, tuple[str, ...]] = {}
    query = (
        select(DISTRICT.c.idea_id, DISTRICT.c.entry_id)
        .where(DISTRICT.c.idea_id.in_(list(idea_ids)))
        .order_by(DISTRICT.c.idea_id, DISTRICT.c.place)
    )
    for idea_id, entry_id in await tx.run(query):
        found[idea_id] = (*found.get(idea_id, ()), entry_id)
    return found


async def put(tx: Transaction, idea_id: UUID, entry_ids: Sequence[str], version: int) -> None:
    """Let these be the districts of the idea, of that version of the catalogue."""
    await tx.run(delete(DISTRICT).where(DISTRICT.c.idea_id == idea_id))
    rows = [
        {"idea_id": idea_id, "place": place, "entry_id": each, "catalogue_version": version}
        for place, each in enumerate(entry_ids, 1)
    ]
    if rows:
        await tx.run(insert(DISTRICT).values(rows))


def ideas_in(entry_id: str) -> Select[tuple[UUID]]:
    """The query for the ids of the ideas that name the district."""
    return select(DISTRICT.c.idea_id).where(DISTRICT.c.entry_id == entry_id)


async def used_by(tx: Transaction, entry_ids: Collection[str]) -> set[tuple[UUID, str]]:
    """The ideas that name one of the districts, and which."""
    query = select(DISTRICT.c.idea_id, DISTRICT.c.entry_id).where(
        DISTRICT.c.entry_id.in_(list(entry_ids))
    )
    return {(row[0], row[1]) for row in await tx.run(query)}

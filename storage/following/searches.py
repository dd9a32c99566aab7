"""Searches that people saved, and which of them a new publication has to be held against."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage import events
from storage.database import METADATA, Transaction
from storage.following import marks
from storage.tables.following.follows import SavedSearch

__all__ = ["SavedSearch", "count", "due", "forget", "get", "looked", "of_person", "save"]

SEARCH = METADATA.tables["saved_search"]
PERSON = METADATA.tables["person"]

PUBLISHED = "published"
"""The watermark of the last event that made an idea public."""


async def save(
    tx: Transaction, person_id: UUID, parameters: str, *, alert: bool, now: datetime
) -> None:
    """Remember the search, or say anew whether it alerts; it looks at what comes from now on."""
    values = {
        "id": uuid4(),
        "person_id": person_id,
        "parameters": parameters,
        "alert": alert,
        "looked_to": await events.last_id(tx),
        "at": now,
    }
    statement = tx.insert(SEARCH).values(values)
    again = {"alert": alert, "looked_to": statement.excluded.looked_to}
    keys = ["person_id", "parameters"]
    await tx.run(statement.on_conflict_do_update(index_elements=keys, set_=again))


async def forget(tx: Transaction, person_id: UUID, search_id: UUID) -> bool:
    """Drop the person's search; False if it is not his or not there."""
    mine = (SEARCH.c.id == search_id, SEARCH.c.person_id == person_id)
    return (await tx.run(delete(SEARCH).where(*mine))).rowcount == 1


async def of_person(tx: Transaction, person_id: UUID) -> list[SavedSearch]:
    """The searches of the person, the newest first."""
    query = select_rows(SavedSearch).where(SavedSearch.person_id == person_id)
    return await tx.rows(query.order_by(col(SavedSearch.at).desc(), col(SavedSearch.id)))


async def count(tx: Transaction, person_id: UUID) -> int:
    """How many the person has."""
    query = select(func.count()).where(SEARCH.c.person_id == person_id)
    return int((await tx.run(query)).scalar_one())


async def get(tx: Transaction, search_id: UUID) -> SavedSearch | None:
    return await tx.row(select_rows(SavedSearch).where(SavedSearch.id == search_id))


async def due(tx: Transaction, _now: datetime, limit: int) -> Sequence[UUID]:
    """Searches with alert that have not looked at the last publication."""
    last = await marks.watermark(tx, PUBLISHED)
    query = (
        select(SEARCH.c.id)
        .join(PERSON, PERSON.c.id == SEARCH.c.person_id)
        .where(SEARCH.c.alert, SEARCH.c.looked_to < last, PERSON.c.suspended_at.is_(None))
        .order_by(SEARCH.c.looked_to, SEARCH.c.id)
        .limit(limit)
    )
    return list((await tx.run(query)).scalars())


async def looked(tx: Transaction, search_id: UUID, old: int, new: int) -> bool:
    """Say up to where it has looked; False if somebody else has meanwhile."""
    moved = update(SEARCH).where(SEARCH.c.id == search_id, SEARCH.c.looked_to == old)
    return (await tx.run(moved.values(looked_to=new))).rowcount == 1

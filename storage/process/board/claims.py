"""Claims: who looks after an idea for now. One that is over counts as none."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.process.board import Claim

__all__ = ["Claim", "of_ideas", "put", "release", "valid"]

CLAIM = METADATA.tables["claim"]


async def valid(tx: Transaction, idea_id: UUID, now: datetime) -> Claim | None:
    """The idea's claim, if it is not over."""
    return await tx.row(select_rows(Claim).where(Claim.idea_id == idea_id, col(Claim.until) > now))


async def of_ideas(tx: Transaction, idea_ids: Iterable[UUID], now: datetime) -> dict[UUID, Claim]:
    """The claims on these ideas that are not over."""
    query = select_rows(Claim).where(col(Claim.idea_id).in_(list(idea_ids)), col(Claim.until) > now)
    return {row.idea_id: row for row in await tx.rows(query)}


async def put(
    tx: Transaction,
    idea_id: UUID,
    person_id: UUID,
    *,
    now: datetime,
    until: datetime,
    taken_from: UUID | None = None,
    note: str = "",
) -> None:
    """Make the person's the one claim on the idea, whatever was there; the rule is the caller's."""
    values = {
        "person_id": person_id,
        "at": now,
        "until": until,
        "taken_from": taken_from,
        "note": note,
    }
    statement = tx.insert(CLAIM).values(idea_id=idea_id, **values)
    await tx.run(statement.on_conflict_do_update(index_elements=["idea_id"], set_=values))


async def release(tx: Transaction, idea_id: UUID, person_id: UUID) -> bool:
    """End the person's claim; False if there is none of his."""
    mine = (CLAIM.c.idea_id == idea_id, CLAIM.c.person_id == person_id)
    return (await tx.run(delete(CLAIM).where(*mine))).rowcount == 1

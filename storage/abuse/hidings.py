"""Each hiding of a comment, its appeal, and its end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.abuse.hidings import Hiding

__all__ = ["Hiding", "add", "appeal", "appeals_since", "close", "latest", "open_appeals", "settle"]

COMMENT = METADATA.tables["comment"]
HIDING = METADATA.tables["hiding"]


async def add(tx: Transaction, **values: Any) -> Hiding:
    row = Hiding(**values)
    tx.add(row)
    await tx.flush()
    return row


async def latest(tx: Transaction, comment_id: UUID) -> Hiding | None:
    """The last time the comment was hidden."""
    query = select_rows(Hiding).where(Hiding.comment_id == comment_id)
    return await tx.row(query.order_by(col(Hiding.at).desc(), col(Hiding.id)).limit(1))


async def appeal(tx: Transaction, hiding_id: UUID, words: str, now: datetime) -> bool:
    """Note the appeal; False if there is one already."""
    result = await tx.run(
        update(HIDING)
        .where(HIDING.c.id == hiding_id, HIDING.c.appeal_state.is_(None))
        .values(appeal=words, appeal_state="open", appealed_at=now)
    )
    return result.rowcount == 1


async def settle(
    tx: Transaction, hiding_id: UUID, *, state: str, answer: str, by: UUID, now: datetime
) -> bool:
    """Decide the open appeal; False if somebody else has."""
    result = await tx.run(
        update(HIDING)
        .where(HIDING.c.id == hiding_id, HIDING.c.appeal_state == "open")
        .values(appeal_state=state, answer=answer, answered_by=by, answered_at=now)
    )
    return result.rowcount == 1


async def close(tx: Transaction, hiding_id: UUID, *, reason: str, by: UUID, now: datetime) -> bool:
    """Note that the comment is shown again; False if it was."""
    result = await tx.run(
        update(HIDING)
        .where(HIDING.c.id == hiding_id, HIDING.c.shown_at.is_(None))
        .values(shown_reason=reason, shown_by=by, shown_at=now)
    )
    return result.rowcount == 1


async def open_appeals(tx: Transaction, limit: int) -> list[Hiding]:
    """Appeals that nobody has decided yet, the oldest first; what was deleted needs no answer."""
    there = select(COMMENT.c.id).where(COMMENT.c.deleted_at.is_(None))
    query = select_rows(Hiding).where(
        Hiding.appeal_state == "open", col(Hiding.comment_id).in_(there)
    )
    oldest = (col(Hiding.appealed_at), col(Hiding.id))
    return await tx.rows(query.order_by(*oldest).limit(limit))


async def appeals_since(tx: Transaction, moment: datetime) -> list[tuple[datetime, str]]:
    """When appeals were made since then, and where they stand."""
    query = select(HIDING.c.appealed_at, HIDING.c.appeal_state).where(
        HIDING.c.appealed_at >= moment
    )
    return [(row[0], row[1]) for row in await tx.run(query)]

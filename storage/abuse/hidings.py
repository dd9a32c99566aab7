"""Each hiding of what somebody wrote, its appeal, and its end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.abuse.reports import Target
from storage.database import METADATA, Transaction
from storage.tables.abuse.hidings import Hiding

__all__ = [
    "Hiding",
    "add",
    "appeal",
    "appeals_since",
    "close",
    "latest",
    "open_appeals",
    "settle",
    "thing_of",
]

COMMENT = METADATA.tables["comment"]
HIDING = METADATA.tables["hiding"]


async def add(tx: Transaction, target: Target, target_id: str, **values: Any) -> Hiding:
    is_comment = target is Target.COMMENT
    row = Hiding(
        target=target.value,
        comment_id=UUID(target_id) if is_comment else None,
        target_id=None if is_comment else target_id,
        **values,
    )
    tx.add(row)
    await tx.flush()
    return row


async def latest(tx: Transaction, idea_id: UUID, target: Target, target_id: str) -> Hiding | None:
    """The last time it was hidden."""
    this = (
        (Hiding.comment_id == UUID(target_id),)
        if target is Target.COMMENT
        else (Hiding.target == target.value, Hiding.target_id == target_id)
    )
    query = select_rows(Hiding).where(Hiding.idea_id == idea_id, *this)
    return await tx.row(query.order_by(col(Hiding.at).desc(), col(Hiding.id)).limit(1))


def thing_of(row: Hiding) -> str:
    """The id of what was hidden, of its kind."""
    return row.target_id or str(row.comment_id)


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
    """Note that it is shown again; False if it was."""
    result = await tx.run(
        update(HIDING)
        .where(HIDING.c.id == hiding_id, HIDING.c.shown_at.is_(None))
        .values(shown_reason=reason, shown_by=by, shown_at=now)
    )
    return result.rowcount == 1


async def open_appeals(tx: Transaction, limit: int) -> list[Hiding]:
    """Appeals that nobody has decided yet, the oldest first; a deleted comment needs no answer."""
    gone = select(COMMENT.c.id).where(
        COMMENT.c.id == HIDING.c.comment_id, COMMENT.c.deleted_at.is_not(None)
    )
    query = select_rows(Hiding).where(Hiding.appeal_state == "open", ~gone.exists())
    oldest = (col(Hiding.appealed_at), col(Hiding.id))
    return await tx.rows(query.order_by(*oldest).limit(limit))


async def appeals_since(tx: Transaction, moment: datetime) -> list[tuple[datetime, str]]:
    """When appeals were made since then, and where they stand."""
    query = select(HIDING.c.appealed_at, HIDING.c.appeal_state).where(
        HIDING.c.appealed_at >= moment
    )
    return [(row[0], row[1]) for row in await tx.run(query)]

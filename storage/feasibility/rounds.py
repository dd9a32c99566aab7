"""Rounds of judging: at most one of an idea is open."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.feasibility.rounds import JudgementRound

__all__ = ["JudgementRound", "add", "close", "get", "of_idea", "open_at", "over", "unclosed"]

ROUND = METADATA.tables["judgement_round"]


async def add(tx: Transaction, **values: Any) -> JudgementRound:
    """Open a round; the caller holds the lock of the document's head."""
    row = JudgementRound(**values)
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: Transaction, round_id: UUID) -> JudgementRound | None:
    return await tx.row(select_rows(JudgementRound).where(JudgementRound.id == round_id))


@only_where_named("judgement_round.idea_id", nothing=lambda: None)
@once
async def unclosed(tx: Transaction, idea_id: UUID) -> JudgementRound | None:
    """The round that nobody has closed; its day may be over all the same."""
    return await tx.row(
        select_rows(JudgementRound).where(
            JudgementRound.idea_id == idea_id, col(JudgementRound.closed_at).is_(None)
        )
    )


async def of_idea(tx: Transaction, idea_id: UUID, limit: int) -> list[JudgementRound]:
    """The rounds of the idea, the newest first."""
    query = select_rows(JudgementRound).where(JudgementRound.idea_id == idea_id)
    newest = (col(JudgementRound.opened_at).desc(), col(JudgementRound.id))
    return await tx.rows(query.order_by(*newest).limit(limit))


async def open_at(
    tx: Transaction, now: datetime, limit: int, idea_ids: Iterable[UUID] | None = None
) -> list[JudgementRound]:
    """Rounds that are open at that moment, at all ideas or these; those that end first first."""
    query = select_rows(JudgementRound).where(
        col(JudgementRound.closed_at).is_(None), col(JudgementRound.ends_at) >= now
    )
    if idea_ids is not None:
        query = query.where(col(JudgementRound.idea_id).in_(list(idea_ids)))
    order = (col(JudgementRound.ends_at), col(JudgementRound.id))
    return await tx.rows(query.order_by(*order).limit(limit))


async def over(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Rounds whose day is over and that nobody has closed, the most overdue first."""
    query = select(ROUND.c.id).where(ROUND.c.closed_at.is_(None), ROUND.c.ends_at < now)
    return list((await tx.run(query.order_by(ROUND.c.ends_at, ROUND.c.id).limit(limit))).scalars())


async def close(
    tx: Transaction,
    round_id: UUID,
    now: datetime,
    *,
    by: UUID | None = None,
    reason: str = "",
) -> bool:
    """Close the round, if it is not closed yet; nobody closes it when its day is over."""
    statement = update(ROUND).where(ROUND.c.id == round_id, ROUND.c.closed_at.is_(None))
    values = {"closed_at": now, "closed_by": by, "closed_reason": reason}
    return (await tx.run(statement.values(**values))).rowcount == 1

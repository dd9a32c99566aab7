"""Statements of reasons: which are still to be sent, and that one is being sent."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.stages import StageChange

TOLD = METADATA.tables["statement_told"]


async def untold(
    tx: Transaction, transitions: Iterable[str], since: datetime
) -> Sequence[StageChange]:
    """Acts of these kinds since then of which nobody was told, the oldest first."""
    told = select(TOLD.c.change_id)
    query = select_rows(StageChange).where(
        col(StageChange.transition).in_(list(transitions)),
        col(StageChange.at) >= since,
        col(StageChange.id).not_in(told),
    )
    return await tx.rows(query.order_by(col(StageChange.at), col(StageChange.id)))


async def claim(tx: Transaction, change_id: UUID, now: datetime) -> bool:
    """Take it on to tell of this act; False if somebody has."""
    values = {"change_id": change_id, "told_at": now}
    return await tx.insert_new(TOLD, values)

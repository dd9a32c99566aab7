"""Clearing away what has served, so many rows in a transaction; another may go on with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, delete, select, tuple_

from storage.database import METADATA, Transaction
from storage.retention.periods import PERIODS, Period

SWEEP = METADATA.tables["sweep"]

EVERY: Final = timedelta(hours=1)
ROWS_MAX: Final = 1_000

_NAMES: Final = UUID("2f0a3b0c-5f5e-4a2b-9a52-9d8a8f6f9a11")
BY_ID: Final = {uuid5(_NAMES, each.name): each for each in PERIODS}


async def due(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """The periods that nobody has gone through for an hour."""
    query = select(SWEEP.c.name).where(SWEEP.c.at > now - EVERY)
    done = set((await tx.run(query)).scalars())
    return [item for item, period in BY_ID.items() if period.name not in done][:limit]


async def clear(tx: Transaction, period: Period, now: datetime) -> int:
    """Delete the oldest rows that have served; if none is left, say when that was."""
    table = METADATA.tables[period.table]
    keys = list(table.primary_key.columns)
    old = select(*keys).where(*_over(period, now)).order_by(table.c[period.column])
    result = await tx.run(delete(table).where(tuple_(*keys).in_(old.limit(ROWS_MAX))))
    if result.rowcount < ROWS_MAX:
        swept = tx.insert(SWEEP).values(name=period.name, at=now)
        await tx.run(swept.on_conflict_do_update(index_elements=["name"], set_={"at": now}))
    return result.rowcount


def _over(period: Period, now: datetime) -> list[ColumnElement[bool]]:
    columns = METADATA.tables[period.table].c
    over: list[ColumnElement[bool]] = [columns[period.column] < now - period.after]
    if period.state is not None:
        over.append(columns.state == period.state)
    return over

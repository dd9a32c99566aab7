"""Indicators of a case in revisions, and the values measured; both are only ever added to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.process.casefile import Indicator, Measurement

__all__ = [
    "Indicator",
    "Measurement",
    "append",
    "count_measurements",
    "history",
    "measure",
    "measurements",
    "newest",
]

MEASUREMENT = METADATA.tables["measurement"]


async def append(tx: Transaction, row: Indicator) -> Indicator:
    """Add a revision; one that is there already raises IntegrityError."""
    tx.add(row)
    await tx.flush()
    return row


@only_where_named("indicator.idea_id", nothing=list)
@once
async def history(tx: Transaction, idea_id: UUID) -> list[Indicator]:
    """All revisions of all indicators, by number and then oldest first."""
    query = select_rows(Indicator).where(Indicator.idea_id == idea_id)
    return await tx.rows(query.order_by(col(Indicator.number), col(Indicator.revision)))


async def newest(tx: Transaction, idea_id: UUID) -> dict[int, Indicator]:
    """Every indicator as it is now by its number, withdrawn ones too."""
    return {row.number: row for row in await history(tx, idea_id)}


async def measure(
    tx: Transaction,
    *,
    measurement_id: UUID,
    idea_id: UUID,
    indicator: int,
    day: str,
    value: float,
    note: str,
    by: UUID,
    now: datetime,
) -> Measurement:
    """Add what was measured on that day; the caller holds the lock of the document's head."""
    query = select(func.max(MEASUREMENT.c.revision)).where(
        MEASUREMENT.c.idea_id == idea_id,
        MEASUREMENT.c.indicator == indicator,
        MEASUREMENT.c.day == day,
    )
    row = Measurement(
        id=measurement_id,
        idea_id=idea_id,
        indicator=indicator,
        day=day,
        revision=((await tx.run(query)).scalar() or 0) + 1,
        value=value,
        note=note,
        by=by,
        at=now,
    )
    tx.add(row)
    await tx.flush()
    return row


@only_where_named("measurement.idea_id", nothing=list)
async def measurements(tx: Transaction, idea_id: UUID) -> list[Measurement]:
    """All values of all indicators, corrected ones too, in the order of their days."""
    query = select_rows(Measurement).where(Measurement.idea_id == idea_id)
    order = (col(Measurement.indicator), col(Measurement.day), col(Measurement.revision))
    return await tx.rows(query.order_by(*order))


async def count_measurements(tx: Transaction, idea_id: UUID, indicator: int) -> int:
    """How many values of the indicator there are, corrected ones too."""
    query = select(func.count()).where(
        MEASUREMENT.c.idea_id == idea_id, MEASUREMENT.c.indicator == indicator
    )
    return int((await tx.run(query)).scalar_one())

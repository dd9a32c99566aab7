"""Ideas that have rested longer than their stage allows."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.casefile.stalled import Patience
from storage.database import METADATA, Transaction
from storage.tables.ideas import Idea

IDEA = METADATA.tables["idea"]


async def stalled(
    tx: Transaction, allowed: Iterable[Patience], now: datetime, limit: int
) -> list[Idea]:
    """Ideas that are stalled at ``now``, those that rest longest first."""
    query = select_rows(Idea).where(_is_stalled(allowed, now))
    order = (col(Idea.active_at), col(Idea.number))
    return await tx.rows(query.order_by(*order).limit(limit))


async def count(tx: Transaction, allowed: Iterable[Patience], now: datetime) -> int:
    """How many ideas are stalled at ``now``."""
    query = select(func.count()).select_from(IDEA).where(_is_stalled(allowed, now))
    return int((await tx.run(query)).scalar_one())


def _is_stalled(allowed: Iterable[Patience], now: datetime) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(
                IDEA.c.stage == each.stage,
                IDEA.c.process_id == each.process_id,
                IDEA.c.process_version == each.process_version,
                IDEA.c.active_at <= each.ends(now),
            )
            for each in allowed
        ),
    )

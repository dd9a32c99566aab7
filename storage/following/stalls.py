"""Which ideas stand still without their followers having been told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from storage.database import METADATA, Transaction

IDEA = METADATA.tables["idea"]
TOLD = METADATA.tables["stall_told"]


async def untold(tx: Transaction, since: Mapping[str, datetime], limit: int) -> Sequence[UUID]:
    """Ideas last active before the moment of their stage, the longest resting first."""
    if not since:
        return []
    rests = or_(
        *(and_(IDEA.c.stage == stage, IDEA.c.active_at < at) for stage, at in since.items())
    )
    query = (
        select(IDEA.c.id)
        .outerjoin(TOLD, TOLD.c.idea_id == IDEA.c.id)
        .where(rests, or_(TOLD.c.active_at.is_(None), TOLD.c.active_at != IDEA.c.active_at))
        .order_by(IDEA.c.active_at, IDEA.c.id)
        .limit(limit)
    )
    return list((await tx.run(query)).scalars())

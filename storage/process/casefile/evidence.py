"""Evidence of a case: revisions of each kind, only ever added to."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.process.casefile import Evidence

__all__ = ["Evidence", "append", "history", "latest", "newest", "revisions"]

EVIDENCE = METADATA.tables["evidence"]


async def append(
    tx: Transaction,
    *,
    idea_id: UUID,
    kind: str,
    revision: int,
    data: Mapping[str, str],
    by: UUID,
    by_name: str,
    now: datetime,
    organisation: str | None = None,
    reason: str = "",
    is_amendment: bool = False,
) -> Evidence:
    """Add a revision; one that is there already raises IntegrityError."""
    row = Evidence(
        idea_id=idea_id,
        kind=kind,
        revision=revision,
        data=dict(data),
        reason=reason,
        is_amendment=is_amendment,
        by=by,
        by_name=by_name,
        organisation=organisation,
        at=now,
    )
    tx.add(row)
    await tx.flush()
    return row


async def latest(tx: Transaction, idea_id: UUID, kind: str) -> Evidence | None:
    """The newest revision of one kind."""
    query = select_rows(Evidence).where(Evidence.idea_id == idea_id, Evidence.kind == kind)
    return await tx.row(query.order_by(col(Evidence.revision).desc()).limit(1))


@once
async def newest(tx: Transaction, idea_id: UUID) -> dict[str, Evidence]:
    """The newest revision of every kind that is on record."""
    return {row.kind: row for row in await history(tx, idea_id)}


@only_where_named("evidence.idea_id", nothing=list)
@once
async def history(tx: Transaction, idea_id: UUID, kind: str | None = None) -> list[Evidence]:
    """All revisions, of one kind or all, oldest first."""
    query = select_rows(Evidence).where(Evidence.idea_id == idea_id)
    if kind is not None:
        query = query.where(Evidence.kind == kind)
    return await tx.rows(query.order_by(col(Evidence.kind), col(Evidence.revision)))


async def revisions(tx: Transaction, idea_id: UUID) -> dict[str, int]:
    """The number of the newest revision of every kind that is on record."""
    query = (
        select(EVIDENCE.c.kind, func.max(EVIDENCE.c.revision))
        .where(EVIDENCE.c.idea_id == idea_id)
        .group_by(EVIDENCE.c.kind)
    )
    return {row[0]: row[1] for row in await tx.run(query)}

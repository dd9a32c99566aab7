"""Which documents open slowly for want of a snapshot, and whose log may be cut."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from storage.database import METADATA, Transaction
from storage.log.rows import DOCUMENT, LOG, SNAPSHOT

SUSPECT = METADATA.tables["suspect_document"]


async def uncompacted(
    tx: Transaction, quiet_since: datetime, rows: int, limit: int
) -> Sequence[UUID]:
    """Documents with so many rows behind their newest snapshot in which nobody writes any more."""
    newest = (
        select(func.coalesce(func.max(SNAPSHOT.c.seq), 0))
        .where(SNAPSHOT.c.document_id == DOCUMENT.c.id, SNAPSHOT.c.epoch == DOCUMENT.c.epoch)
        .scalar_subquery()
    )
    written = (
        select(LOG.c.at)
        .where(
            LOG.c.document_id == DOCUMENT.c.id,
            LOG.c.epoch == DOCUMENT.c.epoch,
            LOG.c.seq == DOCUMENT.c.seq,
        )
        .scalar_subquery()
    )
    query = select(DOCUMENT.c.id).where(
        DOCUMENT.c.seq >= rows,
        DOCUMENT.c.seq - newest >= rows,
        written <= quiet_since,
        DOCUMENT.c.id.not_in(select(SUSPECT.c.document_id)),
    )
    return list((await tx.run(query.order_by(DOCUMENT.c.id).limit(limit))).scalars())


async def cuttable(tx: Transaction, before: datetime, limit: int) -> Sequence[UUID]:
    """Documents whose oldest row is older than ``before`` and covered by several snapshots."""
    here = (SNAPSHOT.c.document_id == DOCUMENT.c.id, SNAPSHOT.c.epoch == DOCUMENT.c.epoch)
    count = select(func.count()).where(*here).scalar_subquery()
    oldest = select(func.min(SNAPSHOT.c.seq)).where(*here).scalar_subquery()
    rows = (LOG.c.document_id == DOCUMENT.c.id, LOG.c.epoch == DOCUMENT.c.epoch)
    first = select(func.min(LOG.c.seq)).where(*rows).correlate(DOCUMENT).scalar_subquery()
    query = (
        select(DOCUMENT.c.id)
        .join(LOG, (LOG.c.document_id == DOCUMENT.c.id) & (LOG.c.epoch == DOCUMENT.c.epoch))
        .where(count >= 2, LOG.c.seq == first, LOG.c.seq <= oldest, LOG.c.at < before)
    )
    return list((await tx.run(query.order_by(DOCUMENT.c.id).limit(limit))).scalars())

"""Which erasures were asked for and how far they are, so that one cut short can be finished."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.erasures import Erasure

ERASURE = METADATA.tables["erasure"]


async def ask(
    tx: Transaction,
    *,
    erasure_id: UUID,
    now: datetime,
    person_id: UUID | None = None,
    document_id: UUID | None = None,
    is_done: bool = False,
) -> None:
    """Write down an erasure; ``is_done``: this transaction carries it out."""
    values = {"id": erasure_id, "person_id": person_id, "document_id": document_id}
    done = {"asked_at": now, "done_at": now if is_done else None, "purged_at": None}
    await tx.run(insert(ERASURE), {**values, **done})


async def open_texts(tx: Transaction) -> Sequence[Erasure]:
    """Texts of people that are still to be taken out of documents, the oldest first."""
    query = select_rows(Erasure).where(col(Erasure.done_at).is_(None))
    return await tx.rows(query.order_by(col(Erasure.asked_at), col(Erasure.id)))


async def is_done(tx: Transaction, erasure_id: UUID) -> bool:
    """Whether somebody else was quicker; ask under the lock of the document."""
    query = select(ERASURE.c.done_at).where(ERASURE.c.id == erasure_id)
    return (await tx.run(query)).scalar() is not None


async def unpurged(tx: Transaction) -> Sequence[Erasure]:
    """Erasures whose bytes may still be in the files."""
    query = select_rows(Erasure).where(
        col(Erasure.done_at).is_not(None), col(Erasure.purged_at).is_(None)
    )
    return await tx.rows(query.order_by(col(Erasure.id)))


async def done(tx: Transaction, erasure_id: UUID, now: datetime) -> None:
    await tx.run(update(ERASURE).where(ERASURE.c.id == erasure_id).values(done_at=now))


async def purged(tx: Transaction, erasure_ids: Sequence[UUID], now: datetime) -> None:
    """These erasures are complete."""
    await tx.run(
        update(ERASURE)
        .where(ERASURE.c.id.in_(list(erasure_ids)), ERASURE.c.done_at.is_not(None))
        .values(purged_at=now)
    )

"""Reading how a document was written: moments without the text, and rows piece by piece."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from collab.process.versions.bursts import MOMENTS_MAX, Moment
from storage.database import Transaction
from storage.log.read import snapshot
from storage.log.rows import LOG, SNAPSHOT, Head, LogEntry, checked, sha256


async def moments(tx: Transaction, head: Head, after: int) -> Sequence[Moment]:
    """When and by whom the rows after ``after`` were written; of very many only some."""
    rows = (LOG.c.document_id == head.id, LOG.c.epoch == head.epoch, LOG.c.seq > after)
    stride = 1
    while (head.seq - after) / stride > MOMENTS_MAX:
        stride *= 2
    some = or_(LOG.c.seq % stride == 0, LOG.c.seq == head.seq)
    query = select(LOG.c.seq, LOG.c.at, LOG.c.actor_id).where(*rows, LOG.c.seq <= head.seq, some)
    return [Moment(row[0], row[1], row[2]) for row in await tx.run(query.order_by(LOG.c.seq))]


async def piece(tx: Transaction, head: Head, after: int, until: int, most: int) -> list[LogEntry]:
    """The rows after ``after`` up to ``until``, at most so many.

    Raises:
        UnreadableLog: a row is damaged or missing.
    """
    last = min(until, after + most)
    columns = (LOG.c.seq, LOG.c.update, LOG.c.sha256, LOG.c.actor_id, LOG.c.at)
    rows = (LOG.c.document_id == head.id, LOG.c.epoch == head.epoch)
    query = select(*columns).where(*rows, LOG.c.seq > after, LOG.c.seq <= last)
    found = [tuple(row) for row in await tx.run(query.order_by(LOG.c.seq))]
    return checked(head.id, after, found)


async def beginning(tx: Transaction, head: Head) -> tuple[int, bytes | None] | None:
    """From where on every row is kept: seq and state there; None if nothing leads to the rows.

    ``(0, None)`` if the log of the epoch is whole.
    """
    rows = (LOG.c.document_id == head.id, LOG.c.epoch == head.epoch)
    first = (await tx.run(select(func.min(LOG.c.seq)).where(*rows))).scalar()
    if first == 1:
        return 0, None
    query = select(SNAPSHOT.c.seq).where(
        SNAPSHOT.c.document_id == head.id,
        SNAPSHOT.c.epoch == head.epoch,
        SNAPSHOT.c.seq >= (head.seq if first is None else first - 1),
    )
    for seq in (await tx.run(query.order_by(SNAPSHOT.c.seq))).scalars().all():
        state, digest = await snapshot(tx, head.id, head.epoch, seq)
        if sha256(state) == digest:
            return seq, state
    return None

"""Reading documents and their log; every byte that leaves here had its hash checked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from storage.database import Transaction
from storage.log.rows import (
    CLIENT,
    LOG,
    SNAPSHOT,
    Absent,
    Failed,
    Found,
    Head,
    LogEntry,
    UnreadableLog,
    checked,
    sha256,
)
from storage.log.write import heads

# seq, update, sha256, actor, at
StoredRow = tuple[int, bytes, str, UUID | None, datetime]
_LOG_COLUMNS = (LOG.c.seq, LOG.c.update, LOG.c.sha256, LOG.c.actor_id, LOG.c.at)


async def load(tx: Transaction, document_id: UUID) -> Found | Absent | Failed:
    """The document up to its head: the newest sound snapshot, then the rows after it."""
    head = (await heads(tx, [document_id])).get(document_id)
    if head is None:
        return Absent()
    base, state, damage = await _newest_sound_snapshot(tx, head)
    try:
        tail = await _rows(tx, head, after=base)
    except UnreadableLog as error:
        return Failed("; ".join([str(error), *damage]))
    if base == 0 and not tail:
        return Failed(f"document {document_id}: its log is empty")
    updates = [entry.update for entry in tail]
    owned = await owners(tx, head.id, head.epoch)
    return Found(head, updates if state is None else [state, *updates], owned, tuple(damage))


async def writers(tx: Transaction, document_id: UUID) -> set[UUID]:
    """Everybody who has written in the document since its epoch began; no text is read for it."""
    head = (await heads(tx, [document_id])).get(document_id)
    found = await owners(tx, head.id, head.epoch) if head else {}
    return {each for each in found.values() if each is not None}


async def owners(tx: Transaction, document_id: UUID, epoch: int) -> dict[int, UUID | None]:
    """To whom the client ids of the document's epoch belong."""
    query = select(CLIENT.c.client_id, CLIENT.c.actor_id).where(
        CLIENT.c.document_id == document_id, CLIENT.c.epoch == epoch
    )
    return {row[0]: row[1] for row in await tx.run(query)}


async def rows_since(tx: Transaction, head: Head, at: datetime) -> int:
    """How many rows lie behind the first one that was written at ``at`` or later, with it.

    Clocks of processes differ: counted are rows in the order of the log, not by their times.
    """
    rows = (LOG.c.document_id == head.id, LOG.c.epoch == head.epoch, LOG.c.seq <= head.seq)
    first = (await tx.run(select(func.min(LOG.c.seq)).where(*rows, LOG.c.at >= at))).scalar()
    return 0 if first is None else head.seq - first + 1


async def since(tx: Transaction, document_id: UUID, epoch: int, seq: int) -> list[LogEntry]:
    """The committed rows of the epoch after ``seq``, in order.

    Raises:
        UnreadableLog: a row is damaged, or was cut (``trim``) – load the document instead.
    """
    return checked(document_id, seq, await fetch(tx, document_id, epoch, seq))


async def log(tx: Transaction, document_id: UUID, epoch: int) -> list[LogEntry]:
    """All rows of the epoch that are still kept, in order.

    Raises:
        UnreadableLog: a row is damaged or missing.
    """
    rows = await fetch(tx, document_id, epoch, 0)
    return checked(document_id, rows[0][0] - 1 if rows else 0, rows)


async def seq_at(tx: Transaction, document_id: UUID, epoch: int, moment: datetime) -> int:
    """The last row of the epoch that was written by then; 0 if there is none that is kept."""
    query = select(func.max(LOG.c.seq)).where(
        LOG.c.document_id == document_id, LOG.c.epoch == epoch, LOG.c.at <= moment
    )
    return int((await tx.run(query)).scalar() or 0)


async def _newest_sound_snapshot(
    tx: Transaction, head: Head
) -> tuple[int, bytes | None, list[str]]:
    """Seq and state of the snapshot to start from (0 and None: from the log), and the damage."""
    query = select(SNAPSHOT.c.seq).where(
        SNAPSHOT.c.document_id == head.id,
        SNAPSHOT.c.epoch == head.epoch,
        SNAPSHOT.c.seq <= head.seq,
    )
    damage: list[str] = []
    for seq in (await tx.run(query.order_by(SNAPSHOT.c.seq.desc()))).scalars().all():
        state, digest = await snapshot(tx, head.id, head.epoch, seq)
        if sha256(state) == digest:
            return seq, state, damage
        damage.append(f"document {head.id}: snapshot seq {seq} is damaged")
    return 0, None, damage


async def snapshot(tx: Transaction, document_id: UUID, epoch: int, seq: int) -> tuple[bytes, str]:
    """State and hash of one snapshot, unchecked."""
    query = select(SNAPSHOT.c.state, SNAPSHOT.c.sha256).where(
        SNAPSHOT.c.document_id == document_id, SNAPSHOT.c.epoch == epoch, SNAPSHOT.c.seq == seq
    )
    state, digest = (await tx.run(query)).one()
    return state, digest


async def _rows(tx: Transaction, head: Head, *, after: int) -> list[LogEntry]:
    """The rows up to the head, not further: others may be writing meanwhile."""
    rows = await fetch(tx, head.id, head.epoch, after)
    entries = checked(head.id, after, [row for row in rows if row[0] <= head.seq])
    if after + len(entries) != head.seq:
        missing = after + len(entries) + 1
        raise UnreadableLog(f"document {head.id}: log row seq {missing} is missing")
    return entries


async def fetch(tx: Transaction, document_id: UUID, epoch: int, after: int) -> list[StoredRow]:
    """The stored rows of the epoch after ``after``, unchecked."""
    query = select(*_LOG_COLUMNS).where(
        LOG.c.document_id == document_id, LOG.c.epoch == epoch, LOG.c.seq > after
    )
    rows = await tx.run(query.order_by(LOG.c.seq))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]

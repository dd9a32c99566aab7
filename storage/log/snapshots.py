"""Snapshots: the state at a seq as a cache of the log, and cutting what they cover."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select

from storage.database import Transaction
from storage.log.read import snapshot
from storage.log.rows import LOG, SNAPSHOT, sha256
from storage.log.write import lock_heads

KEPT = 3


async def save_snapshot(
    tx: Transaction, document_id: UUID, epoch: int, seq: int, state: bytes, now: datetime
) -> bool:
    """Keep ``state`` as the snapshot at ``seq``; False if there is one already, which stays.

    The newest ``KEPT`` of the epoch are kept; the log is never touched. ``state`` must hold
    exactly the committed rows up to ``seq``. That of an earlier epoch is not kept: it would bring
    erased text back into the files.
    """
    head = (await lock_heads(tx, [document_id])).get(document_id)
    if head is None or head.epoch != epoch:
        return False
    values = {
        "document_id": document_id,
        "epoch": epoch,
        "seq": seq,
        "state": state,
        "sha256": sha256(state),
        "at": now,
    }
    is_new = await tx.insert_new(SNAPSHOT, values)
    kept = (await _seqs(tx, document_id, epoch))[-KEPT:]
    await tx.run(
        delete(SNAPSHOT).where(
            SNAPSHOT.c.document_id == document_id,
            SNAPSHOT.c.epoch == epoch,
            SNAPSHOT.c.seq < kept[0],
        )
    )
    return is_new


async def trim(
    tx: Transaction, document_id: UUID, before: datetime, most: int | None = None
) -> int:
    """Cut the log rows older than ``before`` that every kept snapshot covers; return how many.

    With ``most`` the oldest of them only; the rest can be cut later.

    Nothing is cut if there are fewer than two snapshots or one is damaged: what is cut can be
    had from the snapshots only.
    """
    head = (await lock_heads(tx, [document_id])).get(document_id)
    if head is None:
        return 0
    seqs = await _seqs(tx, document_id, head.epoch)
    if len(seqs) < 2 or not await _all_sound(tx, document_id, head.epoch, seqs):
        return 0
    rows = (LOG.c.document_id == document_id, LOG.c.epoch == head.epoch)
    # Clocks of processes differ: cut up to the first row that is young enough, not around it.
    young = (await tx.run(select(func.min(LOG.c.seq)).where(*rows, LOG.c.at >= before))).scalar()
    end = seqs[0] if young is None else min(seqs[0], young - 1)
    if most is not None:
        first = (await tx.run(select(func.min(LOG.c.seq)).where(*rows))).scalar()
        end = min(end, (first or 1) + most - 1)
    return _count(await tx.run(delete(LOG).where(*rows, LOG.c.seq <= end)))


async def _seqs(tx: Transaction, document_id: UUID, epoch: int) -> list[int]:
    query = select(SNAPSHOT.c.seq).where(
        SNAPSHOT.c.document_id == document_id, SNAPSHOT.c.epoch == epoch
    )
    return list((await tx.run(query.order_by(SNAPSHOT.c.seq))).scalars())


async def _all_sound(tx: Transaction, document_id: UUID, epoch: int, seqs: list[int]) -> bool:
    for seq in seqs:
        state, digest = await snapshot(tx, document_id, epoch, seq)
        if sha256(state) != digest:
            return False
    return True


def _count(result: CursorResult[*tuple[Any, ...]]) -> int:
    return result.rowcount

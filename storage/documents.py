"""Live documents: create, load, write, compact. Everything written is durable at commit only.

A writer calls ``lock_heads`` → ``claim`` → ``append``, or ``commit_batch`` which is the three for
many documents in a transaction of its own. Only documents that were created exist; none is ever
created by loading it.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update

from storage.database import Transaction
from storage.log.epochs import begin_epoch
from storage.log.group import commit_batch
from storage.log.read import load, log, owners, rows_since, seq_at, since, snapshot, writers
from storage.log.remains import Remains, remains, sound_snapshots
from storage.log.rows import (
    DOCUMENT,
    Absent,
    Batch,
    ClientRange,
    Committed,
    Failed,
    ForeignClients,
    Found,
    Head,
    LogEntry,
    LogRow,
    Moved,
    Outcome,
    UnreadableLog,
    sha256,
)
from storage.log.snapshots import save_snapshot, trim
from storage.log.write import append, claim, heads, lock_heads

__all__ = [
    "Absent",
    "Batch",
    "ClientRange",
    "Committed",
    "Failed",
    "ForeignClients",
    "Found",
    "Head",
    "LogEntry",
    "LogRow",
    "Moved",
    "Outcome",
    "Remains",
    "UnreadableLog",
    "append",
    "begin_epoch",
    "bump_access",
    "claim",
    "commit_batch",
    "create",
    "heads",
    "load",
    "lock_heads",
    "log",
    "owners",
    "remains",
    "rows_since",
    "save_snapshot",
    "seq_at",
    "sha256",
    "since",
    "snapshot",
    "sound_snapshots",
    "trim",
    "writers",
]


async def create(
    tx: Transaction,
    document_id: UUID,
    kind: str,
    schema: int,
    seed: bytes,
    seed_clients: Iterable[int],
    now: datetime,
) -> Head:
    """Create a document at epoch 1 whose log begins with ``seed``; the server owns its clients."""
    values = {"id": document_id, "kind": kind, "schema_number": schema, "created_at": now}
    await tx.run(insert(DOCUMENT), {**values, "epoch": 1, "seq": 0, "access_version": 0})
    empty = Head(document_id, kind, schema, epoch=1, seq=0, access_version=0)
    await claim(tx, document_id, 1, dict.fromkeys(seed_clients))
    seq = await append(tx, empty, [LogRow(seed, None)], now)
    return Head(document_id, kind, schema, epoch=1, seq=seq, access_version=0)


async def bump_access(tx: Transaction, document_id: UUID) -> None:
    """Make every writer judge again who may write; commits that assume the old version fail."""
    await tx.run(
        update(DOCUMENT)
        .where(DOCUMENT.c.id == document_id)
        .values(access_version=DOCUMENT.c.access_version + 1)
    )

"""Replicas of measures, and changes of their origins that are offered to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.process.ties.linking import OfferedChange, Replication

__all__ = [
    "OfferedChange",
    "Replication",
    "add",
    "change",
    "changes",
    "drop",
    "note_offered",
    "of_origins",
    "offer",
    "offer_newer",
    "origin_of",
    "settle",
]

REPLICATION = METADATA.tables["replication"]
OFFERED_CHANGE = METADATA.tables["offered_change"]


async def add(tx: Transaction, *, version: TextVersion, **values: Any) -> Replication:
    """Write down what an idea was taken over from, and which text of it."""
    row = Replication(
        epoch=version.epoch,
        seq=version.seq,
        sha256=version.sha256,
        offered_epoch=version.epoch,
        offered_seq=version.seq,
        **values,
    )
    tx.add(row)
    await tx.flush()
    return row


@only_where_named("replication.replica_id", nothing=lambda: None)
@once
async def origin_of(tx: Transaction, replica_id: UUID) -> Replication | None:
    """Where the idea was taken over from, if it was."""
    return await tx.row(select_rows(Replication).where(Replication.replica_id == replica_id))


async def of_origins(tx: Transaction, origin_ids: Collection[UUID]) -> list[Replication]:
    """The direct replicas of these ideas, oldest first."""
    return await _of_origins(tx, tuple(sorted(origin_ids)))


@once
async def _of_origins(tx: Transaction, origin_ids: tuple[UUID, ...]) -> list[Replication]:
    query = select_rows(Replication).where(col(Replication.origin_id).in_(origin_ids))
    return await tx.rows(query.order_by(col(Replication.at), col(Replication.replica_id)))


async def note_offered(tx: Transaction, replica_id: UUID, version: TextVersion) -> None:
    """Up to this text of the origin everything has been offered."""
    await tx.run(
        update(REPLICATION)
        .where(REPLICATION.c.replica_id == replica_id)
        .values(offered_epoch=version.epoch, offered_seq=version.seq)
    )


async def changes(tx: Transaction, replica_id: UUID) -> list[OfferedChange]:
    """Everything that was ever offered to the replica, oldest first."""
    query = select_rows(OfferedChange).where(OfferedChange.replica_id == replica_id)
    return await tx.rows(query.order_by(col(OfferedChange.at), col(OfferedChange.section)))


async def change(tx: Transaction, replica_id: UUID, change_id: UUID) -> OfferedChange | None:
    """The offer of that id, if it is one to this replica."""
    return await tx.row(
        select_rows(OfferedChange).where(
            OfferedChange.id == change_id, OfferedChange.replica_id == replica_id
        )
    )


async def offer(tx: Transaction, **values: Any) -> OfferedChange:
    """Offer what changed in one section."""
    row = OfferedChange(**values)
    tx.add(row)
    await tx.flush()
    return row


async def offer_newer(
    tx: Transaction, change_id: UUID, version: TextVersion, now: datetime
) -> None:
    """Let an open offer lead to a newer text of the origin."""
    await tx.run(
        update(OFFERED_CHANGE)
        .where(OFFERED_CHANGE.c.id == change_id, OFFERED_CHANGE.c.state == "open")
        .values(epoch=version.epoch, seq=version.seq, at=now)
    )


async def drop(tx: Transaction, change_id: UUID) -> None:
    """Take back an open offer whose change the origin itself has undone."""
    await tx.run(
        delete(OFFERED_CHANGE).where(
            OFFERED_CHANGE.c.id == change_id, OFFERED_CHANGE.c.state == "open"
        )
    )


async def settle(
    tx: Transaction,
    change_id: UUID,
    *,
    before: str,
    state: str,
    epoch: int,
    seq: int,
    by: UUID | None,
    now: datetime | None,
    by_hand: bool = False,
) -> bool:
    """Bring an offer from one state to another.

    False if it is no longer in ``before``, or leads to another text than that of ``epoch, seq``.
    """
    result = await tx.run(
        update(OFFERED_CHANGE)
        .where(
            OFFERED_CHANGE.c.id == change_id,
            OFFERED_CHANGE.c.state == before,
            OFFERED_CHANGE.c.epoch == epoch,
            OFFERED_CHANGE.c.seq == seq,
        )
        .values(state=state, decided_by=by, decided_at=now, by_hand=by_hand)
    )
    return result.rowcount == 1

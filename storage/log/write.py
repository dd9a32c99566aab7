"""Writing to the log, one document or many; the caller's transaction makes it durable.

Heads are locked in the order of document ids, so writers never wait for each other in a circle.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, tuple_, update

from storage.database import Transaction
from storage.engine.once import each_once
from storage.log.rows import (
    CLIENT,
    DOCUMENT,
    IDS_PER_STATEMENT,
    LOG,
    Head,
    LogRow,
    sha256,
)

HEAD_COLUMNS = (
    DOCUMENT.c.id,
    DOCUMENT.c.kind,
    DOCUMENT.c.schema_number,
    DOCUMENT.c.epoch,
    DOCUMENT.c.seq,
    DOCUMENT.c.access_version,
)

# Statements that every commit runs are built once.
_HEADS = (
    select(*HEAD_COLUMNS)
    .where(DOCUMENT.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(DOCUMENT.c.id)
)
# SQLite has no row locks and needs none: a writing transaction is alone.
_LOCK = _HEADS.with_for_update()
_MOVE = (
    update(DOCUMENT).where(DOCUMENT.c.id == bindparam("document")).values(seq=bindparam("new_seq"))
)
_ADD_ROW = insert(LOG)
_ADD_CLIENT = insert(CLIENT)

# (document, client id) → owner
Owners = dict[tuple[UUID, int], UUID | None]


@each_once
async def heads(tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, Head]:
    """Where these documents stand; those that do not exist are left out."""
    return await _heads(tx, ids, lock=False)


async def lock_heads(tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, Head]:
    """As ``heads``, and nobody else writes to these documents until ``tx`` ends.

    Lock all documents that a transaction needs in one call: a second call may wait in a circle.
    """
    return await _heads(tx, ids, lock=True)


async def append(tx: Transaction, head: Head, rows: Sequence[LogRow], now: datetime) -> int:
    """Write ``rows`` in order, one seq each, and return the new head seq.

    The caller holds the head's lock (``lock_heads``) and has claimed the client ids.
    """
    await _insert_rows(tx, [(head.id, head.epoch, head.seq, rows)], now)
    await _move_heads(tx, {head.id: head.seq + len(rows)})
    return head.seq + len(rows)


async def claim(
    tx: Transaction, document_id: UUID, epoch: int, clients: Mapping[int, UUID | None]
) -> set[int]:
    """Give each client id to its actor; return those that others own already (not changed).

    The caller holds the head's lock, so two actors cannot claim one id at once.
    """
    owners = await _owners(tx, [(document_id, epoch, clients)])
    await _insert_clients(tx, [(document_id, epoch, clients)], owners)
    return _foreign(document_id, clients, owners)


async def _heads(tx: Transaction, ids: Iterable[UUID], *, lock: bool) -> dict[UUID, Head]:
    found: dict[UUID, Head] = {}
    for some in _slices(sorted(set(ids))):
        rows = await tx.run(_LOCK if lock else _HEADS, {"ids": some})
        found |= {row[0]: Head(*row) for row in rows}
    return found


async def _owners(
    tx: Transaction, claims: Sequence[tuple[UUID, int, Mapping[int, UUID | None]]]
) -> Owners:
    keys = [(document_id, epoch, client) for document_id, epoch, ids in claims for client in ids]
    owners: Owners = {}
    key = tuple_(CLIENT.c.document_id, CLIENT.c.epoch, CLIENT.c.client_id)
    columns = (CLIENT.c.document_id, CLIENT.c.client_id, CLIENT.c.actor_id)
    for some in _slices(keys):
        for document_id, client, actor in await tx.run(select(*columns).where(key.in_(some))):
            owners[document_id, client] = actor
    return owners


def _foreign(document_id: UUID, clients: Mapping[int, UUID | None], owners: Owners) -> set[int]:
    return {
        client
        for client, actor in clients.items()
        if owners.get((document_id, client), actor) != actor
    }


async def _insert_clients(
    tx: Transaction,
    claims: Sequence[tuple[UUID, int, Mapping[int, UUID | None]]],
    owners: Owners,
) -> None:
    rows = [
        {"document_id": document_id, "epoch": epoch, "client_id": client, "actor_id": actor}
        for document_id, epoch, clients in claims
        for client, actor in clients.items()
        if (document_id, client) not in owners
    ]
    if rows:
        await tx.run(_ADD_CLIENT, rows)


async def _insert_rows(
    tx: Transaction, parts: Sequence[tuple[UUID, int, int, Sequence[LogRow]]], now: datetime
) -> None:
    values: list[dict[str, Any]] = [
        {
            "document_id": document_id,
            "epoch": epoch,
            "seq": seq,
            "update": row.update,
            "sha256": sha256(row.update),
            "actor_id": row.actor_id,
            "clients": [list(part) for part in row.clients],
            "at": now,
        }
        for document_id, epoch, after, rows in parts
        for seq, row in enumerate(rows, after + 1)
    ]
    if values:
        await tx.run(_ADD_ROW, values)


async def _move_heads(tx: Transaction, ends: Mapping[UUID, int]) -> None:
    values = [{"document": document_id, "new_seq": seq} for document_id, seq in ends.items()]
    if values:
        await tx.run(_MOVE, values)


def _slices(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts of a size that one statement can take."""
    for start in range(0, len(items), IDS_PER_STATEMENT):
        yield items[start : start + IDS_PER_STATEMENT]

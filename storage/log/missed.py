"""Reading on: what was committed to a document since a moment, without loading it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storage.database import Transaction
from storage.log.rows import LOG, ClientRange, Head, UnreadableLog, checked
from storage.log.write import heads

# seq, update, sha256, actor, at, clock ranges
MissedRow = tuple[int, bytes, str, UUID | None, Any, Sequence[ClientRange]]


@dataclass(frozen=True, slots=True)
class Missed:
    """The rows up to ``head`` that somebody has not seen; ``owners`` of client ids new in them."""

    head: Head
    updates: tuple[bytes, ...]
    owners: dict[int, UUID | None]


async def missed(tx: Transaction, known: Head) -> Missed | None:
    """What was written since ``known``; ``None`` if the document is gone or was rewritten.

    Raises:
        UnreadableLog: a row is damaged, or was cut – load the document instead.
    """
    head = (await heads(tx, [known.id])).get(known.id)
    if head is None or head.epoch != known.epoch:
        return None
    if head.seq == known.seq:
        return Missed(head, (), {})
    row = (LOG.c.seq, LOG.c.update, LOG.c.sha256, LOG.c.actor_id, LOG.c.at, LOG.c.clients)
    query = select(*row).where(
        LOG.c.document_id == known.id, LOG.c.epoch == known.epoch, LOG.c.seq > known.seq
    )
    # Others may be writing meanwhile: up to the head, not further.
    found = await tx.run(query.where(LOG.c.seq <= head.seq).order_by(LOG.c.seq))
    return since_known(known, head, [tuple(each) for each in found])


def since_known(known: Head, head: Head, rows: Sequence[MissedRow]) -> Missed:
    """The rows behind ``known``, checked.

    A client id is used for the first time where its clock begins, in a row of whom it belongs to.

    Raises:
        UnreadableLog: one is damaged or missing.
    """
    entries = checked(known.id, known.seq, [row[:5] for row in rows])
    if known.seq + len(entries) != head.seq:
        missing = known.seq + len(entries) + 1
        raise UnreadableLog(f"document {known.id}: log row seq {missing} is missing")
    owners = {client: row[3] for row in rows for client, start, _ in row[5] if start == 0}
    return Missed(head, tuple(entry.update for entry in entries), owners)

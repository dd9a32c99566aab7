"""Late contributions: kept, listed, applied or set aside. Callers hold the head's lock to write."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.tables.process.late import LateContribution

__all__ = [
    "LateContribution",
    "Usage",
    "add",
    "apply",
    "is_any_waiting",
    "of_document",
    "rewrite",
    "set_aside",
    "usage",
    "waiting",
]

LATE = METADATA.tables["late_contribution"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What lies in a document for one person and has not been applied."""

    count: int
    size: int
    waiting: Mapping[int, int]
    """How many of those wait, by epoch."""


async def usage(tx: Transaction, document_id: UUID, actor_id: UUID) -> Usage:
    """How much the person has waiting, or lying aside, in the document."""
    query = select(LATE.c.epoch, LATE.c.state, LATE.c.size).where(
        LATE.c.document_id == document_id,
        LATE.c.actor_id == actor_id,
        LATE.c.state != "applied",
    )
    rows = (await tx.run(query)).all()
    waiting = Counter(row[0] for row in rows if row[1] == "waiting")
    return Usage(len(rows), sum(row[2] for row in rows), waiting)


async def add(
    tx: Transaction,
    *,
    contribution_id: UUID,
    document_id: UUID,
    epoch: int,
    actor_id: UUID,
    sha256: str,
    data: bytes,
    passages: Sequence[Any],
    now: datetime,
) -> bool:
    """Keep an update behind those that are kept already; False if this one is."""
    last = select(func.max(LATE.c.place)).where(LATE.c.document_id == document_id)
    place = ((await tx.run(last)).scalar_one() or 0) + 1
    values = {
        "id": contribution_id,
        "document_id": document_id,
        "epoch": epoch,
        "place": place,
        "actor_id": actor_id,
        "sha256": sha256,
        "update": data,
        "size": len(data),
        "passages": list(passages),
        "received_at": now,
        "state": "waiting",
    }
    return await tx.insert_new(LATE, values)


async def waiting(
    tx: Transaction, document_id: UUID, actor_id: UUID | None = None
) -> list[LateContribution]:
    """What waits for the next version, of one person or of all, in its order."""
    query = select_rows(LateContribution).where(
        LateContribution.document_id == document_id, LateContribution.state == "waiting"
    )
    if actor_id is not None:
        query = query.where(LateContribution.actor_id == actor_id)
    return await tx.rows(query.order_by(col(LateContribution.place)))


async def is_any_waiting(tx: Transaction, document_id: UUID) -> bool:
    query = select(LATE.c.id).where(LATE.c.document_id == document_id, LATE.c.state == "waiting")
    return (await tx.run(query.limit(1))).first() is not None


@only_where_named("late_contribution.document_id", nothing=list)
async def of_document(
    tx: Transaction, document_id: UUID, actor_id: UUID | None = None
) -> list[LateContribution]:
    """All that came late to the document, of one person or of all, in its order."""
    query = select_rows(LateContribution).where(LateContribution.document_id == document_id)
    if actor_id is not None:
        query = query.where(LateContribution.actor_id == actor_id)
    return await tx.rows(query.order_by(col(LateContribution.place)))


async def apply(tx: Transaction, contribution_id: UUID, seq: int, now: datetime) -> bool:
    """It is part of the text from ``seq`` on; False if somebody else has noted that already."""
    values = {"state": "applied", "applied_seq": seq, "update": None, "settled_at": now}
    return await _settle(tx, contribution_id, values)


async def set_aside(tx: Transaction, contribution_id: UUID, reason: str, now: datetime) -> bool:
    """It will not become part of the text; how it reads stays."""
    values = {"state": "set_aside", "reason": reason, "update": None, "settled_at": now}
    return await _settle(tx, contribution_id, values)


async def rewrite(tx: Transaction, contribution_id: UUID, passages: Sequence[Any]) -> None:
    """Put other passages in the place of what was kept: something was erased."""
    await tx.run(update(LATE).where(LATE.c.id == contribution_id).values(passages=list(passages)))


async def _settle(tx: Transaction, contribution_id: UUID, values: dict[str, Any]) -> bool:
    here = (LATE.c.id == contribution_id, LATE.c.state == "waiting")
    return (await tx.run(update(LATE).where(*here).values(values))).rowcount == 1

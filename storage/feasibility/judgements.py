"""Judgements of feasibility: one per person and dimension, the last one counts."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, distinct, func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.feasibility.judgements import Declared
from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.feasibility.judgements import Judgement

__all__ = [
    "Judgement",
    "counts",
    "get",
    "of_idea",
    "of_person",
    "put",
    "rebind",
    "withdraw",
]

JUDGEMENT = METADATA.tables["judgement"]


async def put(
    tx: Transaction,
    *,
    idea_id: UUID,
    dimension: str,
    person_id: UUID,
    verdict: str,
    confidence: str,
    reason: str,
    version: TextVersion,
    now: datetime,
    declared: Declared | None = None,
    round_id: UUID | None = None,
) -> None:
    """Write the person's judgement of the dimension, in place of an earlier one.

    ``version`` is the text that was judged; ``created_at`` stays that of the first judgement, and
    ``revision`` counts up, also from one that was taken back.
    """
    said = declared or Declared()
    content = {
        "verdict": verdict,
        "confidence": confidence,
        "reason": reason,
        "epoch": version.epoch,
        "seq": version.seq,
        "sha256": version.sha256,
        "updated_at": now,
        "expertise": said.expertise.value,
        "expertise_note": said.note,
        "own_interest": said.own_interest,
        "evidence": said.evidence,
        "round_id": round_id,
        "withdrawn_at": None,
    }
    key = {"idea_id": idea_id, "dimension": dimension, "person_id": person_id}
    statement = tx.insert(JUDGEMENT).values(**key, created_at=now, revision=1, **content)
    changed = {**content, "revision": JUDGEMENT.c.revision + 1}
    await tx.run(statement.on_conflict_do_update(index_elements=list(key), set_=changed))


async def rebind(
    tx: Transaction,
    row: Judgement,
    version: TextVersion,
    round_id: UUID | None,
    now: datetime,
) -> None:
    """Let the judgement be of this version, too; what it says and its revision stay."""
    content = {"epoch": version.epoch, "seq": version.seq, "sha256": version.sha256}
    moved = {**content, "round_id": round_id, "updated_at": now}
    await tx.run(update(JUDGEMENT).where(*_this(row)).values(**moved))


async def withdraw(tx: Transaction, row: Judgement, now: datetime) -> None:
    """Take the judgement back: nothing of what it said stays."""
    emptied = {"verdict": "open", "confidence": "low", "reason": "", "expertise": "none"}
    declared = {"expertise_note": "", "own_interest": "", "evidence": ""}
    taken = {**emptied, **declared, "withdrawn_at": now, "updated_at": now, "round_id": None}
    await tx.run(update(JUDGEMENT).where(*_this(row)).values(**taken))


def _this(row: Judgement) -> tuple[ColumnElement[bool], ...]:
    return (
        JUDGEMENT.c.idea_id == row.idea_id,
        JUDGEMENT.c.dimension == row.dimension,
        JUDGEMENT.c.person_id == row.person_id,
    )


async def get(tx: Transaction, idea_id: UUID, dimension: str, person_id: UUID) -> Judgement | None:
    """The person's judgement; None where he gave none or took it back."""
    return await tx.row(
        select_rows(Judgement).where(
            Judgement.idea_id == idea_id,
            Judgement.dimension == dimension,
            Judgement.person_id == person_id,
            col(Judgement.withdrawn_at).is_(None),
        )
    )


async def of_person(tx: Transaction, person_id: UUID, limit: int) -> list[Judgement]:
    """What the person judged, the newest first."""
    query = select_rows(Judgement).where(
        Judgement.person_id == person_id, col(Judgement.withdrawn_at).is_(None)
    )
    order = (col(Judgement.updated_at).desc(), col(Judgement.idea_id), col(Judgement.dimension))
    return await tx.rows(query.order_by(*order).limit(limit))


@only_where_named("judgement.idea_id", nothing=list)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> list[Judgement]:
    """All judgements of the idea, by dimension and then in the order first given."""
    query = select_rows(Judgement).where(
        Judgement.idea_id == idea_id, col(Judgement.withdrawn_at).is_(None)
    )
    order = (col(Judgement.dimension), col(Judgement.created_at), col(Judgement.person_id))
    return await tx.rows(query.order_by(*order))


async def counts(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many people judged each idea; ideas that nobody judged are left out."""
    query = (
        select(JUDGEMENT.c.idea_id, func.count(distinct(JUDGEMENT.c.person_id)))
        .where(JUDGEMENT.c.idea_id.in_(list(idea_ids)), JUDGEMENT.c.withdrawn_at.is_(None))
        .group_by(JUDGEMENT.c.idea_id)
    )
    return {row[0]: row[1] for row in await tx.run(query)}

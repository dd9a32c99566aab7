"""Judgements of feasibility: one per person and dimension, the last one counts."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import distinct, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.engine.once import once
from storage.tables.feasibility.judgements import Judgement

__all__ = ["Judgement", "counts", "get", "of_idea", "put"]

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
) -> None:
    """Write the person's judgement of the dimension, in place of an earlier one.

    ``version`` is the text that was judged; ``created_at`` stays that of the first judgement, and
    ``revision`` counts up.
    """
    content = {
        "verdict": verdict,
        "confidence": confidence,
        "reason": reason,
        "epoch": version.epoch,
        "seq": version.seq,
        "sha256": version.sha256,
        "updated_at": now,
    }
    key = {"idea_id": idea_id, "dimension": dimension, "person_id": person_id}
    insert = sqlite.insert if tx.dialect == "sqlite" else postgresql.insert
    statement = insert(JUDGEMENT).values(**key, created_at=now, revision=1, **content)
    changed = {**content, "revision": JUDGEMENT.c.revision + 1}
    await tx.run(statement.on_conflict_do_update(index_elements=list(key), set_=changed))


async def get(tx: Transaction, idea_id: UUID, dimension: str, person_id: UUID) -> Judgement | None:
    return await tx.row(
        select_rows(Judgement).where(
            Judgement.idea_id == idea_id,
            Judgement.dimension == dimension,
            Judgement.person_id == person_id,
        )
    )


@once
async def of_idea(tx: Transaction, idea_id: UUID) -> list[Judgement]:
    """All judgements of the idea, by dimension and then in the order first given."""
    query = select_rows(Judgement).where(Judgement.idea_id == idea_id)
    order = (col(Judgement.dimension), col(Judgement.created_at), col(Judgement.person_id))
    return await tx.rows(query.order_by(*order))


async def counts(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many people judged each idea; ideas that nobody judged are left out."""
    query = (
        select(JUDGEMENT.c.idea_id, func.count(distinct(JUDGEMENT.c.person_id)))
        .where(JUDGEMENT.c.idea_id.in_(list(idea_ids)))
        .group_by(JUDGEMENT.c.idea_id)
    )
    return {row[0]: row[1] for row in await tx.run(query)}

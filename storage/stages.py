"""The history of an idea's stages; rows are only ever added."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.version import TextVersion
from storage.database import Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.stages import StageChange

__all__ = ["StageChange", "append", "at_revision", "history", "latest"]


async def append(
    tx: Transaction,
    *,
    change_id: UUID,
    idea_id: UUID,
    transition: str,
    from_stage: str,
    to_stage: str,
    reason: str,
    actor_id: UUID,
    actor_name: str,
    revision: int,
    version: TextVersion,
    now: datetime,
    office: str | None = None,
    organisation: str | None = None,
    reason_code: str | None = None,
    gates: Sequence[Mapping[str, object]] = (),
    evidence: Mapping[str, int] | None = None,
    undoes: int | None = None,
) -> StageChange:
    """Write down a move that ``ideas.advance`` made in the same transaction.

    ``revision`` is the idea's after it; ``version`` the text it is bound to (``texts.pin``).
    """
    change = StageChange(
        id=change_id,
        idea_id=idea_id,
        transition=transition,
        from_stage=from_stage,
        to_stage=to_stage,
        reason=reason,
        actor_id=actor_id,
        actor_name=actor_name,
        revision=revision,
        epoch=version.epoch,
        seq=version.seq,
        sha256=version.sha256,
        office=office,
        organisation=organisation,
        reason_code=reason_code,
        gates=[dict(gate) for gate in gates],
        evidence=dict(evidence or {}),
        undoes=undoes,
        at=now,
    )
    tx.add(change)
    await tx.flush()
    return change


@only_where_named("stage_change.idea_id", nothing=list)
@once
async def history(tx: Transaction, idea_id: UUID) -> list[StageChange]:
    """All moves of the idea, first to last."""
    query = select_rows(StageChange).where(StageChange.idea_id == idea_id)
    return await tx.rows(query.order_by(col(StageChange.revision)))


async def at_revision(tx: Transaction, idea_id: UUID, revision: int) -> StageChange | None:
    """The move that led to this revision of the idea."""
    query = select_rows(StageChange).where(
        StageChange.idea_id == idea_id, StageChange.revision == revision
    )
    return await tx.row(query)


@once
async def latest(tx: Transaction, idea_id: UUID) -> StageChange | None:
    """The last move of the idea: who won, if a move of somebody else was refused."""
    query = select_rows(StageChange).where(StageChange.idea_id == idea_id)
    return await tx.row(query.order_by(col(StageChange.revision).desc()).limit(1))

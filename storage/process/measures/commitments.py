"""Commitments to the principles of good practice, and the tasks to renew them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.measures.commitment import State
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.process.commitments import Commitment, Renewal

__all__ = [
    "Commitment",
    "Renewal",
    "close_renewal",
    "create",
    "end_signed",
    "get",
    "of_idea",
    "open_renewal",
    "open_renewals",
    "redraft",
    "sign",
    "unrenewed",
]

COMMITMENT = METADATA.tables["commitment"]
RENEWAL = METADATA.tables["renewal"]
RESPONSIBILITY = METADATA.tables["responsibility"]
IDEA = METADATA.tables["idea"]


@only_where_named("commitment.idea_id", nothing=list)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> list[Commitment]:
    """All commitments that were ever drafted for the idea, the newest first."""
    query = select_rows(Commitment).where(Commitment.idea_id == idea_id)
    return await tx.rows(query.order_by(col(Commitment.drafted_at).desc(), col(Commitment.id)))


async def get(tx: Transaction, commitment_id: UUID) -> Commitment | None:
    return await tx.row(select_rows(Commitment).where(Commitment.id == commitment_id))


async def create(tx: Transaction, **values: Any) -> Commitment:
    """Write a draft; a second one of the organisation for the idea raises IntegrityError."""
    row = Commitment(state=State.DRAFT, revision=1, **values)
    tx.add(row)
    await tx.flush()
    return row


async def redraft(
    tx: Transaction, commitment_id: UUID, expected_revision: int, **values: Any
) -> bool:
    """Change a draft and count its revision up, if it still is one and at that revision."""
    result = await tx.run(
        update(COMMITMENT)
        .where(
            COMMITMENT.c.id == commitment_id,
            COMMITMENT.c.state == State.DRAFT,
            COMMITMENT.c.revision == expected_revision,
        )
        .values(revision=COMMITMENT.c.revision + 1, **values)
    )
    return result.rowcount == 1


async def sign(
    tx: Transaction,
    commitment_id: UUID,
    expected_revision: int,
    *,
    by: UUID,
    name: str,
    now: datetime,
) -> bool:
    """Make a draft the organisation's commitment, if it still is at that revision."""
    result = await tx.run(
        update(COMMITMENT)
        .where(
            COMMITMENT.c.id == commitment_id,
            COMMITMENT.c.state == State.DRAFT,
            COMMITMENT.c.revision == expected_revision,
        )
        .values(state=State.SIGNED, signed_by=by, signed_by_name=name, signed_at=now)
    )
    return result.rowcount == 1


async def end_signed(
    tx: Transaction, idea_id: UUID, organisation_id: UUID, state: State, reason: str, now: datetime
) -> int:
    """End what the organisation has signed for the idea; how many that were: one or none."""
    result = await tx.run(
        update(COMMITMENT)
        .where(
            COMMITMENT.c.idea_id == idea_id,
            COMMITMENT.c.organisation_id == organisation_id,
            COMMITMENT.c.state == State.SIGNED,
        )
        .values(state=state, ended_at=now, ended_reason=reason)
    )
    return result.rowcount


async def open_renewals(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, Renewal]:
    """The open task of each of the ideas that has one."""
    query = select_rows(Renewal).where(
        col(Renewal.idea_id).in_(list(idea_ids)), col(Renewal.closed_at).is_(None)
    )
    return {row.idea_id: row for row in await tx.rows(query)}


async def open_renewal(tx: Transaction, **values: Any) -> Renewal:
    """Write a task; a second open one of the idea raises IntegrityError."""
    row = Renewal(**values)
    tx.add(row)
    await tx.flush()
    return row


async def close_renewal(tx: Transaction, idea_id: UUID, now: datetime) -> None:
    """Close the idea's open task, if there is one."""
    await tx.run(
        update(RENEWAL)
        .where(RENEWAL.c.idea_id == idea_id, RENEWAL.c.closed_at.is_(None))
        .values(closed_at=now)
    )


async def unrenewed(tx: Transaction, version: int, limit: int) -> list[UUID]:
    """Measures whose lead has not signed that catalogue version, though somebody once signed one,
    and that have no open task which says so; by their numbers.
    """
    lead, made = RESPONSIBILITY.alias("lead"), COMMITMENT.alias("made")
    is_signed = exists().where(
        COMMITMENT.c.idea_id == IDEA.c.id,
        COMMITMENT.c.organisation_id == lead.c.organisation_id,
        COMMITMENT.c.state == State.SIGNED,
        COMMITMENT.c.catalogue_version >= version,
    )
    is_open = exists().where(
        RENEWAL.c.idea_id == IDEA.c.id,
        RENEWAL.c.closed_at.is_(None),
        RENEWAL.c.organisation_id == lead.c.organisation_id,
        RENEWAL.c.catalogue_version == version,
    )
    was_made = exists().where(made.c.idea_id == IDEA.c.id, made.c.state != State.DRAFT)
    query = (
        select(IDEA.c.id)
        .join(lead, lead.c.idea_id == IDEA.c.id)
        .where(
            IDEA.c.measure_type.is_not(None),
            lead.c.part == "lead",
            lead.c.state == "active",
            was_made,
            ~is_signed,
            ~is_open,
        )
        .order_by(IDEA.c.number)
        .limit(limit)
    )
    return list((await tx.run(query)).scalars())

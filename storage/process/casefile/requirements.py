"""Requirements: what people ask of an idea, and what its team makes of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.process.casefile import Requirement

__all__ = ["Requirement", "add", "answer", "by_number", "count", "count_open", "of_idea"]

REQUIREMENT = METADATA.tables["requirement"]


async def add(
    tx: Transaction,
    *,
    requirement_id: UUID,
    idea_id: UUID,
    raised_by: UUID,
    text: str,
    now: datetime,
    recorded_for: str | None = None,
    section: str | None = None,
    anchor: Mapping[str, Any] | None = None,
) -> Requirement:
    """Add the next requirement of the idea; the caller holds the lock of its document's head."""
    query = select(func.max(REQUIREMENT.c.number)).where(REQUIREMENT.c.idea_id == idea_id)
    last = (await tx.run(query)).scalar()
    row = Requirement(
        id=requirement_id,
        idea_id=idea_id,
        number=(last or 0) + 1,
        raised_by=raised_by,
        recorded_for=recorded_for,
        text=text,
        section=section,
        anchor=None if anchor is None else dict(anchor),
        created_at=now,
    )
    tx.add(row)
    await tx.flush()
    return row


@only_where_named("requirement.idea_id", nothing=list)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> list[Requirement]:
    """All requirements of the idea in the order in which they were raised."""
    query = select_rows(Requirement).where(Requirement.idea_id == idea_id)
    return await tx.rows(query.order_by(col(Requirement.number)))


async def by_number(tx: Transaction, idea_id: UUID, number: int) -> Requirement | None:
    """The requirement of that number."""
    return await tx.row(
        select_rows(Requirement).where(Requirement.idea_id == idea_id, Requirement.number == number)
    )


@only_where_named("requirement.idea_id", nothing=int)
async def count(tx: Transaction, idea_id: UUID) -> int:
    """How many requirements were raised."""
    query = select(func.count()).where(REQUIREMENT.c.idea_id == idea_id)
    return int((await tx.run(query)).scalar_one())


@only_where_named("requirement.idea_id", nothing=int)
async def count_open(tx: Transaction, idea_id: UUID) -> int:
    """How many have no state yet."""
    query = select(func.count()).where(
        REQUIREMENT.c.idea_id == idea_id, REQUIREMENT.c.state.is_(None)
    )
    return int((await tx.run(query)).scalar_one())


async def answer(
    tx: Transaction,
    requirement_id: UUID,
    *,
    state: str,
    because: str,
    by: UUID,
    now: datetime,
    section: str | None = None,
    anchor: Mapping[str, Any] | None = None,
) -> None:
    """Say what was made of the requirement and where, in place of what was said before."""
    values = {
        "state": state,
        "because": because,
        "met_section": section,
        "met_anchor": None if anchor is None else dict(anchor),
        "answered_by": by,
        "answered_at": now,
        "revision": REQUIREMENT.c.revision + 1,
    }
    await tx.run(update(REQUIREMENT).where(REQUIREMENT.c.id == requirement_id).values(values))

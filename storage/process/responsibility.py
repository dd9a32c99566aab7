"""Which organisations answer for ideas: offers, what became of them, and who leads now."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.responsibility.states import OPEN_STATES, Part, State
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import each_once, once
from storage.tables.process.responsibility import Responsibility

__all__ = [
    "RESPONSIBILITY",
    "Responsibility",
    "active_of",
    "get",
    "leads",
    "move",
    "of_idea",
    "offer",
    "open_at",
    "overdue",
    "stood_for",
    "waiting_for",
]

RESPONSIBILITY = METADATA.tables["responsibility"]


async def offer(tx: Transaction, **values: Any) -> Responsibility:
    """Write an offer; one that the organisation has made already raises IntegrityError."""
    row = Responsibility(state=State.OFFERED, **values)
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: Transaction, responsibility_id: UUID) -> Responsibility | None:
    return await tx.row(select_rows(Responsibility).where(Responsibility.id == responsibility_id))


@only_where_named("responsibility.idea_id", nothing=list)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> list[Responsibility]:
    """All that organisations ever offered or took on for the idea, the newest first."""
    query = select_rows(Responsibility).where(Responsibility.idea_id == idea_id)
    newest = (col(Responsibility.offered_at).desc(), col(Responsibility.id))
    return await tx.rows(query.order_by(*newest))


async def open_at(tx: Transaction, idea_id: UUID) -> list[Responsibility]:
    """What is offered or active at the idea, the lead first."""
    query = select_rows(Responsibility).where(
        Responsibility.idea_id == idea_id, col(Responsibility.state).in_(OPEN_STATES)
    )
    order = (col(Responsibility.part), col(Responsibility.offered_at), col(Responsibility.id))
    return await tx.rows(query.order_by(*order))


async def active_of(tx: Transaction, organisation_id: UUID) -> list[Responsibility]:
    """Everything that the organisation answers for now, the oldest first."""
    query = select_rows(Responsibility).where(
        Responsibility.organisation_id == organisation_id, Responsibility.state == State.ACTIVE
    )
    return await tx.rows(query.order_by(col(Responsibility.offered_at), col(Responsibility.id)))


@each_once
async def leads(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, Responsibility]:
    """Who leads each of the ideas; those that nobody leads are left out."""
    query = select_rows(Responsibility).where(
        col(Responsibility.idea_id).in_(list(idea_ids)),
        Responsibility.part == Part.LEAD,
        Responsibility.state == State.ACTIVE,
    )
    return {row.idea_id: row for row in await tx.rows(query)}


async def move(
    tx: Transaction, responsibility_id: UUID, before: str, state: str, **values: Any
) -> bool:
    """Give it another state and ``values``, if it still is in ``before``.

    A second active lead of an idea raises IntegrityError.
    """
    result = await tx.run(
        update(RESPONSIBILITY)
        .where(RESPONSIBILITY.c.id == responsibility_id, RESPONSIBILITY.c.state == before)
        .values(state=state, **values)
    )
    return result.rowcount == 1


async def overdue(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Offers that nobody confirmed in time, the oldest deadline first."""
    query = (
        select_rows(Responsibility.id)
        .where(Responsibility.state == State.OFFERED, Responsibility.expires_at < now)
        .order_by(col(Responsibility.expires_at), col(Responsibility.id))
        .limit(limit)
    )
    return await tx.rows(query)


async def stood_for(
    tx: Transaction, person_id: UUID, organisation_id: UUID
) -> list[Responsibility]:
    """What is active or offered of the organisation where the person stands for it."""
    query = select_rows(Responsibility).where(
        Responsibility.person_id == person_id,
        Responsibility.organisation_id == organisation_id,
        col(Responsibility.state).in_(OPEN_STATES),
    )
    return await tx.rows(query.order_by(col(Responsibility.id)))


async def waiting_for(tx: Transaction, organisation_ids: Iterable[UUID]) -> list[Responsibility]:
    """Offers that somebody of these organisations is to confirm, the oldest deadline first."""
    query = select_rows(Responsibility).where(
        col(Responsibility.organisation_id).in_(list(organisation_ids)),
        Responsibility.state == State.OFFERED,
    )
    return await tx.rows(query.order_by(col(Responsibility.expires_at), col(Responsibility.id)))

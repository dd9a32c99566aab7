"""Terms of roles: planned, running and ended; the roles themselves are written by the actions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.responsibility.terms import OPEN_TERMS, TermState
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.tables.process.terms import RoleTerm

__all__ = ["RoleTerm", "add", "call_off", "due", "get", "move", "of_idea", "of_person", "open_term"]

ROLE_TERM = METADATA.tables["role_term"]
TERM = ROLE_TERM.c


async def add(tx: Transaction, **values: Any) -> RoleTerm:
    """Write a term; a second open one of the same role there raises IntegrityError."""
    row = RoleTerm(**values)
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: Transaction, term_id: UUID) -> RoleTerm | None:
    return await tx.row(select_rows(RoleTerm).where(RoleTerm.id == term_id))


async def open_term(
    tx: Transaction, person_id: UUID, role: str, idea_id: UUID | None
) -> RoleTerm | None:
    """The term of that role there that has not ended."""
    return await tx.row(
        select_rows(RoleTerm).where(
            RoleTerm.person_id == person_id,
            RoleTerm.role == role,
            RoleTerm.idea_id == idea_id,
            col(RoleTerm.state).in_(OPEN_TERMS),
        )
    )


@only_where_named("role_term.idea_id", nothing=list)
async def of_idea(tx: Transaction, idea_id: UUID) -> list[RoleTerm]:
    """The open terms at an idea, the next to end first."""
    query = select_rows(RoleTerm).where(
        RoleTerm.idea_id == idea_id, col(RoleTerm.state).in_(OPEN_TERMS)
    )
    return await tx.rows(query.order_by(col(RoleTerm.valid_until), col(RoleTerm.id)))


async def of_person(tx: Transaction, person_id: UUID) -> list[RoleTerm]:
    """The open terms of the person that are not at an idea, the next to end first."""
    query = select_rows(RoleTerm).where(
        RoleTerm.person_id == person_id,
        col(RoleTerm.idea_id).is_(None),
        col(RoleTerm.state).in_(OPEN_TERMS),
    )
    return await tx.rows(query.order_by(col(RoleTerm.valid_until), col(RoleTerm.id)))


async def move(tx: Transaction, term_id: UUID, before: str, state: str, **values: Any) -> bool:
    """Give it another state and ``values``, if it still is in ``before``."""
    result = await tx.run(
        update(ROLE_TERM)
        .where(ROLE_TERM.c.id == term_id, ROLE_TERM.c.state == before)
        .values(state=state, **values)
    )
    return result.rowcount == 1


async def call_off(
    tx: Transaction,
    person_id: UUID,
    role: str,
    idea_id: UUID | None,
    now: datetime,
    by: UUID | None = None,
) -> None:
    """End the open term of a role that is taken away by itself; nothing if there is none."""
    found = await open_term(tx, person_id, role, idea_id)
    if found is not None:
        await move(tx, found.id, found.state, TermState.ENDED, ended_at=now, ended_by=by)


async def due(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Terms that begin or end now: those that should have ended longest ago first."""
    begin = and_(TERM.state == TermState.PLANNED, TERM.valid_from <= now)
    end = and_(TERM.state.in_(OPEN_TERMS), TERM.valid_until < now)
    query = select_rows(RoleTerm.id).where(or_(begin, end))
    return await tx.rows(query.order_by(col(RoleTerm.valid_until), col(RoleTerm.id)).limit(limit))

"""Workshops, their tables, and their live documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.workshop.workshops import (
    Attendance,
    Workshop,
    WorkshopDocument,
    WorkshopFacilitator,
    WorkshopTable,
)

__all__ = ["Workshop", "WorkshopDocument", "WorkshopTable"]

WORKSHOP = METADATA.tables["workshop"]
TABLE = METADATA.tables["workshop_table"]
DOCUMENT = METADATA.tables["workshop_document"]


async def create(tx: Transaction, workshop: Workshop) -> None:
    """Store a new workshop; a code that is taken raises IntegrityError."""
    tx.add(workshop)
    await tx.flush()


async def add_table(tx: Transaction, table: WorkshopTable) -> None:
    """Store a new table; a code or number that is taken raises IntegrityError."""
    tx.add(table)
    await tx.flush()


async def add_document(tx: Transaction, workshop_id: UUID, kind: str, document_id: UUID) -> None:
    """Note a document of the workshop, which exists already; of each kind there is one."""
    values = {"workshop_id": workshop_id, "kind": kind, "document_id": document_id}
    await tx.run(insert(DOCUMENT).values(values))


async def get(tx: Transaction, workshop_id: UUID) -> Workshop | None:
    return await tx.row(select_rows(Workshop).where(Workshop.id == workshop_id))


async def by_code(tx: Transaction, code: str) -> tuple[Workshop, WorkshopTable | None] | None:
    """The workshop of a code, and the table if the code is a table's."""
    found = await tx.row(select_rows(Workshop).where(Workshop.code == code))
    if found is not None:
        return found, None
    table = await tx.row(select_rows(WorkshopTable).where(WorkshopTable.code == code))
    if table is None:
        return None
    held = await get(tx, table.workshop_id)
    assert held is not None, "a foreign key forbids tables of nothing"
    return held, table


async def locked(tx: Transaction, workshop_id: UUID) -> Workshop | None:
    """The workshop, which nobody else changes until ``tx`` ends."""
    await tx.run(
        update(WORKSHOP)
        .where(WORKSHOP.c.id == workshop_id)
        .values(revision=WORKSHOP.c.revision + 1)
    )
    return await get(tx, workshop_id)


async def held(tx: Transaction, workshop_id: UUID) -> Workshop | None:
    """The workshop as with ``locked``, for what happens in it and changes nothing of itself."""
    held_row = update(WORKSHOP).where(WORKSHOP.c.id == workshop_id)
    await tx.run(held_row.values(revision=WORKSHOP.c.revision))
    return await get(tx, workshop_id)


async def change(tx: Transaction, workshop_id: UUID, values: Mapping[str, Any]) -> None:
    """Change columns of the workshop; whoever does it has it ``locked``."""
    await tx.run(update(WORKSHOP).where(WORKSHOP.c.id == workshop_id).values(dict(values)))


async def tables(tx: Transaction, workshop_id: UUID) -> list[WorkshopTable]:
    """The tables in the order of their numbers."""
    query = select_rows(WorkshopTable).where(WorkshopTable.workshop_id == workshop_id)
    return await tx.rows(query.order_by(col(WorkshopTable.number)))


async def table(tx: Transaction, table_id: UUID) -> WorkshopTable | None:
    return await tx.row(select_rows(WorkshopTable).where(WorkshopTable.id == table_id))


async def change_table(tx: Transaction, table_id: UUID, values: Mapping[str, Any]) -> None:
    """Change columns of one table."""
    await tx.run(update(TABLE).where(TABLE.c.id == table_id).values(dict(values)))


async def documents(tx: Transaction, workshop_id: UUID) -> dict[str, UUID]:
    """The workshop's live documents by their kind."""
    query = select(DOCUMENT.c.kind, DOCUMENT.c.document_id)
    found = await tx.run(query.where(DOCUMENT.c.workshop_id == workshop_id))
    return {row[0]: row[1] for row in found}


async def by_document(tx: Transaction, document_id: UUID) -> tuple[Workshop, str] | None:
    """The workshop that a document belongs to, and as what."""
    row = await tx.row(
        select_rows(WorkshopDocument).where(WorkshopDocument.document_id == document_id)
    )
    if row is None:
        return None
    found = await get(tx, row.workshop_id)
    assert found is not None, "a foreign key forbids documents of nothing"
    return found, row.kind


async def every(tx: Transaction) -> list[Workshop]:
    """All workshops in the order of their beginning."""
    query = select_rows(Workshop).order_by(col(Workshop.created_at), col(Workshop.id))
    return await tx.rows(query)


async def of_person(tx: Transaction, person_id: UUID, limit: int = 100) -> list[Workshop]:
    """The workshops that a person leads or attended, the newest first."""
    led = select(col(WorkshopFacilitator.workshop_id)).where(
        col(WorkshopFacilitator.person_id) == person_id
    )
    attended = select(col(Attendance.workshop_id)).where(
        col(Attendance.person_id) == person_id, col(Attendance.removed_at).is_(None)
    )
    query = select_rows(Workshop).where(
        or_(col(Workshop.id).in_(led), col(Workshop.id).in_(attended))
    )
    return await tx.rows(
        query.order_by(col(Workshop.created_at).desc(), col(Workshop.id)).limit(limit)
    )


async def running_out(tx: Transaction, now: datetime, limit: int = 100) -> list[Workshop]:
    """Workshops that are over for good and have tables at which ideas are still open."""
    at_ideas = select(TABLE.c.workshop_id).where(TABLE.c.idea_id.is_not(None))
    query = select_rows(Workshop).where(Workshop.expires_at <= now, col(Workshop.id).in_(at_ideas))
    return await tx.rows(query.order_by(col(Workshop.expires_at)).limit(limit))

"""What a wall counts without looking inside, and whose walls show a text."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, func, select

from storage.database import METADATA, Transaction

NOTE = METADATA.tables["silent_note"]
ATTENDANCE = METADATA.tables["attendance"]
DOCUMENT = METADATA.tables["workshop_document"]
IDEA = METADATA.tables["idea"]
TABLE = METADATA.tables["workshop_table"]
WORKSHOP = METADATA.tables["workshop"]


async def silent_by_table(tx: Transaction, workshop_id: UUID) -> dict[UUID | None, int]:
    """How many notes wait at each table to be shown; None: of those who sit at none."""
    beside = and_(
        ATTENDANCE.c.workshop_id == NOTE.c.workshop_id, ATTENDANCE.c.person_id == NOTE.c.author_id
    )
    query = (
        select(ATTENDANCE.c.table_id, func.count())
        .select_from(NOTE.outerjoin(ATTENDANCE, beside))
        .where(NOTE.c.workshop_id == workshop_id, NOTE.c.brought_at.is_(None))
        .group_by(ATTENDANCE.c.table_id)
    )
    return {row[0]: int(row[1]) for row in await tx.run(query)}


async def boards_among(tx: Transaction, document_ids: Collection[UUID], kind: str) -> set[str]:
    """The codes of the workshops one of whose documents of this kind is among these."""
    query = (
        select(WORKSHOP.c.code)
        .join(DOCUMENT, DOCUMENT.c.workshop_id == WORKSHOP.c.id)
        .where(DOCUMENT.c.document_id.in_(list(document_ids)), DOCUMENT.c.kind == kind)
    )
    return set((await tx.run(query)).scalars())


async def tables_with(tx: Transaction, document_ids: Collection[UUID]) -> set[str]:
    """The codes of the workshops where a table has one of these texts open."""
    query = (
        select(WORKSHOP.c.code)
        .join(TABLE, TABLE.c.workshop_id == WORKSHOP.c.id)
        .join(IDEA, IDEA.c.id == TABLE.c.idea_id)
        .where(IDEA.c.document_id.in_(list(document_ids)))
    )
    return set((await tx.run(query)).scalars())

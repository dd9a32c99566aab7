"""What a wall counts without looking inside."""

from uuid import UUID

from sqlalchemy import and_, func, select

from storage.database import METADATA, Transaction

NOTE = METADATA.tables["silent_note"]
ATTENDANCE = METADATA.tables["attendance"]


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

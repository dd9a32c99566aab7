"""At which table of which workshop somebody meets an idea, and whether hands rest there."""

from uuid import UUID

from sqlalchemy import select

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named

ATTENDANCE = METADATA.tables["attendance"]
TABLE = METADATA.tables["workshop_table"]
WORKSHOP = METADATA.tables["workshop"]


@only_where_named("workshop_table.idea_id", nothing=lambda: None)
async def seat(tx: Transaction, idea_id: UUID, person_id: UUID) -> UUID | None:
    """The workshop at one of whose tables the person sits that has opened the idea."""
    query = (
        select(TABLE.c.workshop_id)
        .join(ATTENDANCE, ATTENDANCE.c.table_id == TABLE.c.id)
        .where(
            TABLE.c.idea_id == idea_id,
            ATTENDANCE.c.person_id == person_id,
            ATTENDANCE.c.removed_at.is_(None),
        )
    )
    found: UUID | None = (await tx.run(query.limit(1))).scalar()
    return found


async def rests(tx: Transaction, idea_id: UUID, person_id: UUID) -> bool:
    """Whether hands are down at every table of the person that has opened the idea."""
    query = (
        select(WORKSHOP.c.is_frozen)
        .join(TABLE, TABLE.c.workshop_id == WORKSHOP.c.id)
        .join(ATTENDANCE, ATTENDANCE.c.table_id == TABLE.c.id)
        .where(
            TABLE.c.idea_id == idea_id,
            ATTENDANCE.c.person_id == person_id,
            ATTENDANCE.c.removed_at.is_(None),
        )
    )
    found = list((await tx.run(query)).scalars())
    return bool(found) and all(found)

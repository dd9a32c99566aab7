"""What is addressed to people, one row per person and event."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.following.notices import NoticeReason
from storage.database import METADATA, Transaction
from storage.tables.following.notices import Notice

__all__ = ["Notice", "add", "of_person"]

NOTICE = METADATA.tables["notice"]


async def add(
    tx: Transaction,
    event_id: int,
    person_ids: Iterable[UUID],
    reason: NoticeReason,
    *,
    idea_id: UUID | None,
    now: datetime,
) -> None:
    """Address the event to these people; whoever it is addressed to already keeps his reason."""
    rows = [
        {
            "event_id": event_id,
            "person_id": person_id,
            "idea_id": idea_id,
            "reason": reason.value,
            "at": now,
        }
        for person_id in sorted(set(person_ids))
    ]
    if rows:
        insert = sqlite.insert if tx.dialect == "sqlite" else postgresql.insert
        await tx.run(insert(NOTICE).values(rows).on_conflict_do_nothing())


async def of_person(tx: Transaction, person_id: UUID, limit: int) -> list[Notice]:
    """What is addressed to the person, the newest first."""
    query = select_rows(Notice).where(Notice.person_id == person_id)
    return await tx.rows(query.order_by(col(Notice.event_id).desc()).limit(limit))

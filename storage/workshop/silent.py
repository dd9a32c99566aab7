"""Notes of a workshop that are not shown yet."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.workshop.board import SilentNote

__all__ = ["SilentNote"]

NOTE = METADATA.tables["silent_note"]
WORKSHOP = METADATA.tables["workshop"]


async def add(
    tx: Transaction,
    workshop_id: UUID,
    note_id: str,
    author_id: UUID,
    *,
    text: str,
    colour: str,
    now: datetime,
) -> bool:
    """Store a note; False if there is one of this id already, which stays as it is."""
    values = {"workshop_id": workshop_id, "id": note_id, "author_id": author_id}
    values |= {"text": text, "colour": colour, "at": now}
    return await tx.insert_new(NOTE, values)


async def get(tx: Transaction, workshop_id: UUID, note_id: str) -> SilentNote | None:
    return await tx.row(
        select_rows(SilentNote).where(
            SilentNote.workshop_id == workshop_id, SilentNote.id == note_id
        )
    )


async def change(
    tx: Transaction, workshop_id: UUID, note_id: str, author_id: UUID, *, text: str, colour: str
) -> bool:
    """Write one's own note anew; False if it is not there, not one's own, or being shown."""
    found = update(NOTE).where(*_own(workshop_id, note_id, author_id))
    return (await tx.run(found.values(text=text, colour=colour))).rowcount == 1


async def remove(tx: Transaction, workshop_id: UUID, note_id: str, author_id: UUID) -> bool:
    """Take one's own note away; False as for ``change``."""
    gone = delete(NOTE).where(*_own(workshop_id, note_id, author_id))
    return (await tx.run(gone)).rowcount == 1


async def own(tx: Transaction, workshop_id: UUID, author_id: UUID) -> list[SilentNote]:
    """The person's notes that are not shown yet, in the order of writing."""
    query = select_rows(SilentNote).where(
        SilentNote.workshop_id == workshop_id,
        SilentNote.author_id == author_id,
        col(SilentNote.brought_at).is_(None),
    )
    return await tx.rows(query.order_by(col(SilentNote.at), col(SilentNote.id)))


async def waiting(tx: Transaction, workshop_id: UUID) -> list[SilentNote]:
    """Everybody's notes that are not shown yet, in the order of writing."""
    query = select_rows(SilentNote).where(
        SilentNote.workshop_id == workshop_id, col(SilentNote.brought_at).is_(None)
    )
    return await tx.rows(query.order_by(col(SilentNote.at), col(SilentNote.id)))


async def count(tx: Transaction, workshop_id: UUID, author_id: UUID | None = None) -> int:
    """How many notes are not shown yet; of one person, or of all."""
    query = select(func.count()).where(
        NOTE.c.workshop_id == workshop_id, NOTE.c.brought_at.is_(None)
    )
    if author_id is not None:
        query = query.where(NOTE.c.author_id == author_id)
    return int((await tx.run(query)).scalar_one())


async def assign(tx: Transaction, workshop_id: UUID, author_id: UUID, client: int) -> None:
    """Give the author's notes the client id under which they come onto the board.

    Notes that have one keep it: by it the next one sees what is on the board already.
    """
    await tx.run(
        update(NOTE)
        .where(
            NOTE.c.workshop_id == workshop_id,
            NOTE.c.author_id == author_id,
            NOTE.c.client.is_(None),
            NOTE.c.brought_at.is_(None),
        )
        .values(client=client)
    )


async def brought(
    tx: Transaction, workshop_id: UUID, note_ids: Collection[str], now: datetime
) -> None:
    """They are on the board now; here only that they were stays."""
    await tx.run(
        update(NOTE)
        .where(NOTE.c.workshop_id == workshop_id, NOTE.c.id.in_(list(note_ids)))
        .values(brought_at=now, text="")
    )


async def left_over(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Workshops that are silent no longer and have notes which are not shown yet."""
    query = (
        select(NOTE.c.workshop_id)
        .join(WORKSHOP, WORKSHOP.c.id == NOTE.c.workshop_id)
        .where(NOTE.c.brought_at.is_(None), WORKSHOP.c.is_silent.is_(False))
        .distinct()
        .limit(limit)
    )
    return list((await tx.run(query)).scalars())


def _own(workshop_id: UUID, note_id: str, author_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        NOTE.c.workshop_id == workshop_id,
        NOTE.c.id == note_id,
        NOTE.c.author_id == author_id,
        NOTE.c.client.is_(None),
        NOTE.c.brought_at.is_(None),
    )

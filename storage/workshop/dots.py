"""Dots on notes, and which idea a note has become."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.workshop.board import NoteIdea

__all__ = ["NoteIdea"]

DOT = METADATA.tables["dot"]
NOTE_IDEA = METADATA.tables["note_idea"]
DOCUMENT = METADATA.tables["workshop_document"]
BOARD: Final = "board"
PERSON = METADATA.tables["person"]


async def lock_purse(tx: Transaction, person_id: UUID) -> None:
    """Let nobody else spend this person's dots until ``tx`` ends, from whatever device."""
    query = select(PERSON.c.id).where(PERSON.c.id == person_id)
    await tx.run(query.with_for_update(key_share=True))


async def of_person(tx: Transaction, workshop_id: UUID, person_id: UUID) -> dict[str, int]:
    """What the person gives, by note."""
    query = select(DOT.c.note_id, DOT.c.count).where(
        DOT.c.workshop_id == workshop_id, DOT.c.person_id == person_id
    )
    return {row[0]: row[1] for row in await tx.run(query)}


async def put(
    tx: Transaction, workshop_id: UUID, note_id: str, person_id: UUID, count: int, now: datetime
) -> None:
    """Let the person give a note so many; 0 takes them back."""
    await take_back(tx, workshop_id, person_id, [note_id])
    if count == 0:
        return
    values = {"workshop_id": workshop_id, "note_id": note_id, "person_id": person_id}
    await tx.run(insert(DOT).values({**values, "count": count, "at": now}))


async def take_back(
    tx: Transaction, workshop_id: UUID, person_id: UUID, note_ids: Collection[str]
) -> None:
    """Let the person give nothing for these."""
    await tx.run(
        delete(DOT).where(
            DOT.c.workshop_id == workshop_id,
            DOT.c.person_id == person_id,
            DOT.c.note_id.in_(list(note_ids)),
        )
    )


async def results(tx: Transaction, workshop_id: UUID) -> dict[str, tuple[int, int]]:
    """For each note how many dots of how many people."""
    query = (
        select(DOT.c.note_id, func.sum(DOT.c.count), func.count())
        .where(DOT.c.workshop_id == workshop_id)
        .group_by(DOT.c.note_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in await tx.run(query)}


async def people(tx: Transaction, workshop_id: UUID) -> int:
    """How many people have given any."""
    query = select(func.count(DOT.c.person_id.distinct())).where(DOT.c.workshop_id == workshop_id)
    return int((await tx.run(query)).scalar_one())


async def lock_ideas(tx: Transaction, workshop_id: UUID) -> None:
    """Let nobody else make an idea of this workshop's notes until ``tx`` ends."""
    query = select(DOCUMENT.c.document_id).where(
        DOCUMENT.c.workshop_id == workshop_id, DOCUMENT.c.kind == BOARD
    )
    await tx.run(query.with_for_update(key_share=True))


async def link_idea(
    tx: Transaction,
    workshop_id: UUID,
    note_id: str,
    idea_id: UUID,
    *,
    is_beginning: bool,
    by: UUID,
    now: datetime,
) -> bool:
    """Note that the note is in this idea; False if it is in one already."""
    values = {"workshop_id": workshop_id, "note_id": note_id, "idea_id": idea_id}
    values |= {"is_beginning": is_beginning, "by": by, "at": now}
    return await tx.insert_new(NOTE_IDEA, values)


async def ideas_of(tx: Transaction, workshop_id: UUID) -> dict[str, NoteIdea]:
    """Which idea each note is in."""
    query = select_rows(NoteIdea).where(NoteIdea.workshop_id == workshop_id)
    return {row.note_id: row for row in await tx.rows(query.order_by(col(NoteIdea.at)))}


async def notes_in(tx: Transaction, idea_id: UUID) -> list[NoteIdea]:
    """The notes that an idea came from, or that were added to it."""
    query = select_rows(NoteIdea).where(NoteIdea.idea_id == idea_id)
    return await tx.rows(query.order_by(col(NoteIdea.at), col(NoteIdea.note_id)))

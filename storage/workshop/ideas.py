"""Which ideas came about at which workshop: begun at a table, or made of a note."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CompoundSelect, or_, select, union
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.tables.ideas import Idea
from storage.tables.workshop.harvest import WAYS, WorkshopIdea

__all__ = ["WorkshopIdea"]

WORKSHOP_IDEA = METADATA.tables["workshop_idea"]
MADE = WAYS[0]
NOTE_IDEA = METADATA.tables["note_idea"]
WORKSHOP = METADATA.tables["workshop"]
ATTENDANCE = METADATA.tables["attendance"]
FACILITATOR = METADATA.tables["workshop_facilitator"]


async def add(
    tx: Transaction, workshop_id: UUID, idea_id: UUID, table_id: UUID | None, now: datetime
) -> None:
    """Note that the idea came about there; noting it again changes nothing."""
    values = {"workshop_id": workshop_id, "idea_id": idea_id, "table_id": table_id}
    await tx.insert_new(WORKSHOP_IDEA, {**values, "way": MADE, "at": now})


async def is_of(tx: Transaction, workshop_id: UUID, idea_id: UUID) -> bool:
    """Whether the idea came about at this workshop."""
    return idea_id in set((await tx.run(_ids(workshop_id))).scalars())


async def of_workshop(tx: Transaction, workshop_id: UUID) -> list[Idea]:
    """The ideas that came about there, in the order of their beginning."""
    ids = list((await tx.run(_ids(workshop_id))).scalars())
    query = select_rows(Idea).where(col(Idea.id).in_(ids))
    return await tx.rows(query.order_by(col(Idea.created_at), col(Idea.number)))


@only_where_named("note_idea.idea_id", nothing=list)
async def evenings_of(tx: Transaction, idea_id: UUID, person_id: UUID) -> list[tuple[str, str]]:
    """Code and title of the workshops at which notes went into the idea, if the person is inside.

    Nobody else is told of the code, with which one comes in.
    """
    of_notes = select(NOTE_IDEA.c.workshop_id).where(NOTE_IDEA.c.idea_id == idea_id)
    attended = select(ATTENDANCE.c.workshop_id).where(
        ATTENDANCE.c.person_id == person_id, ATTENDANCE.c.removed_at.is_(None)
    )
    led = select(FACILITATOR.c.workshop_id).where(FACILITATOR.c.person_id == person_id)
    query = select(WORKSHOP.c.code, WORKSHOP.c.title).where(
        WORKSHOP.c.id.in_(of_notes),
        or_(WORKSHOP.c.id.in_(attended), WORKSHOP.c.id.in_(led)),
    )
    return [(row[0], row[1]) for row in await tx.run(query.order_by(WORKSHOP.c.created_at))]


def _ids(workshop_id: UUID) -> CompoundSelect[UUID]:
    # An idea that somebody only named here did not come about here: that opens it to nobody.
    at_tables = select(WORKSHOP_IDEA.c.idea_id).where(
        WORKSHOP_IDEA.c.workshop_id == workshop_id, WORKSHOP_IDEA.c.way == MADE
    )
    of_notes = select(NOTE_IDEA.c.idea_id).where(
        NOTE_IDEA.c.workshop_id == workshop_id, NOTE_IDEA.c.is_beginning.is_(True)
    )
    return union(at_tables, of_notes)

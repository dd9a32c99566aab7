"""Which ideas came about at which workshop."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from storage.database import METADATA, Transaction
from storage.tables.ideas import Idea
from storage.tables.workshop.ideas import WorkshopIdea

__all__ = ["WorkshopIdea"]

WORKSHOP_IDEA = METADATA.tables["workshop_idea"]


async def add(
    tx: Transaction, workshop_id: UUID, idea_id: UUID, table_id: UUID | None, now: datetime
) -> None:
    """Note that the idea came about there; noting it again changes nothing."""
    insert_new = sqlite.insert if tx.dialect == "sqlite" else postgresql.insert
    values = {"workshop_id": workshop_id, "idea_id": idea_id, "table_id": table_id, "at": now}
    await tx.run(insert_new(WORKSHOP_IDEA).values(values).on_conflict_do_nothing())


async def is_of(tx: Transaction, workshop_id: UUID, idea_id: UUID) -> bool:
    """Whether the idea came about at this workshop."""
    query = select(WorkshopIdea).where(
        WorkshopIdea.workshop_id == workshop_id, WorkshopIdea.idea_id == idea_id
    )
    return await tx.row(query) is not None


async def of_workshop(tx: Transaction, workshop_id: UUID) -> list[Idea]:
    """The ideas that came about there, in the order of their beginning."""
    query = (
        select(Idea)
        .join(WorkshopIdea, col(WorkshopIdea.idea_id) == col(Idea.id))
        .where(WorkshopIdea.workshop_id == workshop_id)
        .order_by(col(WorkshopIdea.at), col(Idea.number))
    )
    return await tx.rows(query)

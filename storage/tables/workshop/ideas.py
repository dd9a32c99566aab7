"""Ideas that were begun at a workshop."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime


class WorkshopIdea(Row, table=True):
    """An idea that came about at a workshop, and the table that began it if one did.

    It belongs to its authors like any other; the row says where it comes from.
    """

    __tablename__ = "workshop_idea"

    workshop_id: UUID = Field(foreign_key="workshop.id", primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True, index=True)
    table_id: UUID | None = Field(default=None, foreign_key="workshop_table.id")
    at: datetime = Field(sa_type=UTCDateTime)

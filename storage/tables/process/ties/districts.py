"""The districts that ideas name."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import Row


class IdeaDistrict(Row, table=True):
    """One of the up to three districts of an idea, in their order; or the whole city.

    ``catalogue_version``: the version of the catalogue it was chosen from.
    """

    __tablename__ = "idea_district"
    __table_args__ = (
        CheckConstraint("place BETWEEN 1 AND 3", name="place"),
        CheckConstraint("length(entry_id) BETWEEN 1 AND 64", name="entry_id"),
        UniqueConstraint("idea_id", "entry_id", name="uq_idea_district_entry"),
        Index("ix_idea_district_entry", "entry_id", "idea_id"),
    )

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry_id: str
    catalogue_version: int

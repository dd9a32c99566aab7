"""Ideas, who has which role at them, and the counter of their references."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from storage.tables.columns import BigId, Row, UTCDateTime, one_of

IDEA_KINDS = ("need", "proposal")
MEASURE_TYPES = ("decentral", "network")
"""What an idea can have become; a central measure is no idea."""


class Idea(Row, table=True):
    """The root of one case, from its first keystroke on.

    ``number`` orders references as numbers and is the row's key in the search indexes.
    ``revision`` grows with every official act; ``active_at`` is the last time anybody did anything.
    """

    __tablename__ = "idea"
    __table_args__ = (
        CheckConstraint(one_of("kind", IDEA_KINDS), name="kind"),
        CheckConstraint("length(stage) BETWEEN 1 AND 64", name="stage"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint(one_of("measure_type", MEASURE_TYPES), name="measure_type"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place"),
        # Lists are walked in this order; what filters ask comes along, so no row is read in vain.
        Index("ix_idea_activity", "active_at", "id", "stage", "kind", "number"),
        Index("ix_idea_kind", "kind", "active_at", "id", "stage", "number"),
        Index("ix_idea_stage", "stage", "active_at", "id", "kind", "number"),
        # The filters beside a list count it from here, by kind and stage.
        Index("ix_idea_census", "kind", "stage", "id", "number"),
        # The board walks its columns in the order of references, and counts them from here.
        Index("ix_idea_board", "process_id", "stage", "number", "kind", "active_at"),
    )

    id: UUID = Field(primary_key=True)
    ref: str = Field(unique=True)
    number: int = Field(unique=True, sa_type=BigId)
    kind: str
    title: str
    stage: str
    revision: int = 1
    template_id: str
    template_version: int
    process_id: str
    process_version: int
    measure_type: str | None = None
    document_id: UUID = Field(foreign_key="document.id", unique=True)
    created_by: UUID = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    active_at: datetime = Field(sa_type=UTCDateTime)
    source: str | None = Field(default=None, unique=True)
    latitude: float | None = None
    longitude: float | None = None


class IdeaRole(Row, table=True):
    """A role that a person holds at one idea."""

    __tablename__ = "idea_role"
    __table_args__ = (CheckConstraint("length(role) BETWEEN 1 AND 64", name="role"),)

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    role: str = Field(primary_key=True)


class ReferenceCounter(Row, table=True):
    """The last sequence number given out in a year."""

    __tablename__ = "reference_counter"
    __table_args__ = (CheckConstraint("last >= 0", name="last"),)

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int

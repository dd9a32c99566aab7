"""The public register: numbers, measures, recognitions, central measures and links to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime, one_of

KINDS = ("decentral", "network", "central")
RECOGNITION_STATES = ("valid", "suspended", "withdrawn")
STATUSES = ("planned", "running", "finished")
LINK_KINDS = ("builds_on", "referred")

_LIVING = text("state <> 'withdrawn'")


class NumberCounter(Row, table=True):
    """The last number given out in a series and year; it never goes back."""

    __tablename__ = "number_counter"
    __table_args__ = (CheckConstraint("last >= 1", name="last"),)

    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class Measure(Row, table=True):
    """An entry of the register: what an idea became, or a central measure, which never was one."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint("(kind = 'central') = (idea_id IS NULL)", name="idea"),
        CheckConstraint("(idea_id IS NULL) = (change_id IS NULL)", name="change"),
        UniqueConstraint("year", "nth"),
    )

    number: str = Field(primary_key=True)
    year: int
    nth: int
    kind: str
    idea_id: UUID | None = Field(default=None, foreign_key="idea.id", unique=True)
    change_id: UUID | None = Field(default=None, foreign_key="stage_change.id")
    at: datetime = Field(sa_type=UTCDateTime)


class Recognition(Row, table=True):
    """That a network measure is recognised, on what ground, and what became of it.

    ``change_id`` is the act that gave it, ``changed_by_id`` the one that last changed its state.
    """

    __tablename__ = "recognition"
    __table_args__ = (
        CheckConstraint(one_of("state", RECOGNITION_STATES), name="state"),
        Index(
            "uq_recognition_living",
            "idea_id",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
    )

    number: str = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id", index=True)
    state: str
    given_at: datetime = Field(sa_type=UTCDateTime)
    given_by: UUID = Field(foreign_key="person.id")
    office: str
    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation_name: str
    commitment_id: UUID = Field(foreign_key="commitment.id")
    change_id: UUID = Field(foreign_key="stage_change.id")
    changed_at: datetime = Field(sa_type=UTCDateTime)
    changed_by_id: UUID = Field(foreign_key="stage_change.id")
    reason: str


class CentralMeasure(Row, table=True):
    """What the coordination office entered of a central measure."""

    __tablename__ = "central_measure"
    __table_args__ = (
        CheckConstraint("length(title) BETWEEN 1 AND 200", name="title"),
        CheckConstraint("length(text) BETWEEN 1 AND 5000", name="text"),
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint("revision >= 1", name="revision"),
    )

    number: str = Field(primary_key=True, foreign_key="measure.number")
    title: str
    text: str
    fields: list[str] = Field(sa_type=Json)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation_name: str
    status: str
    revision: int = 1
    created_by: UUID = Field(foreign_key="person.id")
    created_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)


class CentralLink(Row, table=True):
    """An idea builds on a central measure, or is referred to it."""

    __tablename__ = "central_link"
    __table_args__ = (CheckConstraint(one_of("kind", LINK_KINDS), name="kind"),)

    idea_id: UUID = Field(primary_key=True, foreign_key="idea.id")
    number: str = Field(primary_key=True, foreign_key="central_measure.number", index=True)
    kind: str = Field(primary_key=True)
    note: str
    by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)

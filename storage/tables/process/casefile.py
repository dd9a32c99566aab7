"""What a case has on record: evidence, requirements, settled conditions, indicators."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime, one_of

REQUIREMENT_STATES = ("taken_up", "partly", "not")
SETTLEMENTS = ("met", "accepted")
INDICATOR_KINDS = ("output", "outcome")


class Evidence(Row, table=True):
    """One revision of one kind of evidence; rows are only ever added.

    ``by_name`` and ``organisation`` are those of that time. ``is_amendment``: an official act had
    been grounded on the kind before, so ``reason`` says why it was changed.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("length(kind) BETWEEN 1 AND 64", name="kind"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("NOT is_amendment OR length(reason) > 0", name="amendment"),
    )

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    kind: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    data: dict[str, Any] = Field(sa_type=Json)
    reason: str = ""
    is_amendment: bool = False
    by: UUID = Field(foreign_key="person.id", index=True)
    by_name: str
    organisation: str | None = None
    at: datetime = Field(sa_type=UTCDateTime)


class Requirement(Row, table=True):
    """What somebody asks of an idea, and what its team has made of it.

    ``recorded_for`` names who said it where that was not ``raised_by`` himself. ``section`` and
    ``anchor`` are what it is about, ``met_section`` and ``met_anchor`` where it is fulfilled.
    ``revision`` counts the answers. ``hidden_with`` is the hidden comment that it was made from.
    """

    __tablename__ = "requirement"
    __table_args__ = (
        UniqueConstraint("idea_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text"),
        CheckConstraint(f"state IS NULL OR {one_of('state', REQUIREMENT_STATES)}", name="state"),
        CheckConstraint("(state IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(state IS NULL) = (revision = 0)", name="revision"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    number: int
    raised_by: UUID = Field(foreign_key="person.id", index=True)
    recorded_for: str | None = None
    text: str
    section: str | None = None
    anchor: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    state: str | None = None
    because: str = ""
    met_section: str | None = None
    met_anchor: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)
    revision: int = 0
    answered_by: UUID | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hidden_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hidden_with: UUID | None = None


class Condition(Row, table=True):
    """How the condition in one revision of a judgement was settled.

    The condition itself is the judgement; a later revision of it has no settlement yet.
    """

    __tablename__ = "condition"
    __table_args__ = (
        CheckConstraint(one_of("state", SETTLEMENTS), name="state"),
        CheckConstraint("length(because) > 0", name="because"),
        ForeignKeyConstraint(
            ["idea_id", "dimension", "person_id"],
            ["judgement.idea_id", "judgement.dimension", "judgement.person_id"],
        ),
    )

    idea_id: UUID = Field(primary_key=True)
    dimension: str = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    state: str
    because: str
    by: UUID = Field(foreign_key="person.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)


class Indicator(Row, table=True):
    """One revision of one indicator; rows are only ever added, the newest counts."""

    __tablename__ = "indicator"
    __table_args__ = (
        CheckConstraint("number >= 1 AND revision >= 1", name="number"),
        CheckConstraint(one_of("kind", INDICATOR_KINDS), name="kind"),
        CheckConstraint("length(text) BETWEEN 1 AND 500", name="text"),
        CheckConstraint("NOT is_amendment OR length(reason) > 0", name="amendment"),
    )

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    number: int = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    kind: str
    text: str
    unit: str
    baseline: float | None = None
    target: float
    due: str
    is_withdrawn: bool = False
    reason: str = ""
    is_amendment: bool = False
    by: UUID = Field(foreign_key="person.id", index=True)
    by_name: str
    organisation: str | None = None
    at: datetime = Field(sa_type=UTCDateTime)


class Measurement(Row, table=True):
    """One value of an indicator on one day; of several for a day the last one counts."""

    __tablename__ = "measurement"
    __table_args__ = (UniqueConstraint("idea_id", "indicator", "day", "revision"),)

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    indicator: int
    day: str
    revision: int
    value: float
    note: str = ""
    by: UUID = Field(foreign_key="person.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)

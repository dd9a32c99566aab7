"""Statements of what ideas pay into, and what people outside their teams hold of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime, one_of

REVIEW_VERDICTS = ("agree", "doubt", "question")
STATEMENT = ("idea_id", "catalogue_id", "entry_id", "revision")


class Alignment(Row, table=True):
    """One revision of a statement; the newest counts, unless it takes the statement back."""

    __tablename__ = "alignment"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("length(contribution) >= 1", name="contribution"),
        Index("ix_alignment_entry", "catalogue_id", "entry_id"),
    )

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    catalogue_id: str = Field(primary_key=True)
    entry_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    catalogue_version: int
    contribution: str
    effect: str
    indicator: str
    conflict: str
    is_withdrawn: bool = False
    by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)


class AlignmentReview(Row, table=True):
    """What one person holds of one revision of a statement, and the team's answer."""

    __tablename__ = "alignment_review"
    __table_args__ = (
        CheckConstraint(one_of("verdict", REVIEW_VERDICTS), name="verdict"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer"),
        ForeignKeyConstraint(STATEMENT, [f"alignment.{name}" for name in STATEMENT]),
        UniqueConstraint(*STATEMENT, "person_id", name="uq_alignment_review_person"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID
    catalogue_id: str
    entry_id: str
    revision: int
    person_id: UUID = Field(foreign_key="person.id")
    verdict: str
    text: str
    at: datetime = Field(sa_type=UTCDateTime)
    answer: str | None = None
    answered_by: UUID | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

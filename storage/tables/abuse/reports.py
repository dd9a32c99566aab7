"""What was reported, and how it was decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime, one_of

TARGETS = ("comment", "suggestion", "judgement", "requirement", "section", "person")
GROUNDS = ("insult", "hate", "personal_data", "spam", "copyright", "illegal", "other")
STATES = ("open", "decided")
OUTCOMES = ("hidden", "acted", "dismissed")
IS_OPEN = text("state = 'open'")
HAS_ADDRESS = text("email IS NOT NULL")


class ReportCase(Row, table=True):
    """All reports of one thing until it is decided; ``person_id`` is whose it is."""

    __tablename__ = "report_case"
    __table_args__ = (
        CheckConstraint(one_of("target", TARGETS), name="target"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("length(target_id) BETWEEN 1 AND 64", name="target_id"),
        CheckConstraint("outcome IS NULL OR " + one_of("outcome", OUTCOMES), name="outcome"),
        CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("(state = 'decided') = (outcome IS NOT NULL)", name="ended"),
        # Reports of one thing are bundled as long as nobody has decided.
        Index(
            "uq_report_case_open",
            "idea_id",
            "target",
            "target_id",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_report_case_queue", "state", "opened_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    target: str
    target_id: str
    idea_id: UUID = Field(foreign_key="idea.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    state: str
    opened_at: datetime = Field(sa_type=UTCDateTime)
    claimed_by: UUID | None = Field(default=None, foreign_key="person.id")
    claimed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    outcome: str | None = None
    reason: str = ""
    decided_by: UUID | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Report(Row, table=True):
    """What one person says about it. The address is for the answer, and goes with it.

    A report with an address whose case is decided is a mail that is to leave: it is tried from
    ``answer_next_at`` on, and at once where that is not set.
    """

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(one_of("ground", GROUNDS), name="ground"),
        CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words"),
        CheckConstraint("length(quote) <= 500", name="quote"),
        CheckConstraint("length(secret_hash) = 64", name="secret_hash"),
        Index("ix_report_at", "at"),
        Index("ix_report_email", "at", sqlite_where=HAS_ADDRESS, postgresql_where=HAS_ADDRESS),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="report_case.id", index=True)
    reporter_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    ground: str
    words: str
    quote: str
    email: str | None = None
    answer_attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    answer_next_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    language: str
    secret_hash: str = Field(unique=True)
    at: datetime = Field(sa_type=UTCDateTime)

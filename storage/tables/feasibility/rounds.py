"""Rounds in which judgements of one text are collected."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime, one_of

DISCLOSURES = ("after_own_or_close", "after_close", "open")

_OPEN = text("closed_at IS NULL")


class JudgementRound(Row, table=True):
    """One round of an idea; the index allows only one that is not closed.

    ``closed_by`` is nobody where its day was over; ``closed_reason`` says why it ended before.
    """

    __tablename__ = "judgement_round"
    __table_args__ = (
        CheckConstraint(one_of("disclosure", DISCLOSURES), name="disclosure"),
        CheckConstraint("epoch >= 1 AND seq >= 0", name="version"),
        CheckConstraint("(closed_by IS NULL) = (closed_reason = '')", name="closed"),
        Index(
            "ix_judgement_round_open",
            "idea_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_judgement_round_idea", "idea_id", "opened_at"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    dimensions: list[Any] = Field(sa_type=Json)
    disclosure: str
    epoch: int
    seq: int = Field(sa_type=BigId)
    sha256: str
    opened_by: UUID = Field(foreign_key="person.id", index=True)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: UUID | None = Field(default=None, foreign_key="person.id")
    closed_reason: str = ""

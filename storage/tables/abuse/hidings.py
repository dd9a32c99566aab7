"""Each time something was hidden that one person wrote, why, and what he said to that."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from storage.tables.abuse.reports import GROUNDS
from storage.tables.columns import Row, UTCDateTime, one_of

HIDEABLE = ("comment", "suggestion", "judgement", "requirement")
APPEAL_STATES = ("open", "granted", "rejected")


class Hiding(Row, table=True):
    """A statement of reasons, with the one appeal against it and its answer.

    A comment is named by ``comment_id``, everything else by ``target`` and ``target_id``.
    ``shown_at``: it is shown again; then this hiding is over.
    """

    __tablename__ = "hiding"
    __table_args__ = (
        CheckConstraint(one_of("ground", GROUNDS), name="ground"),
        CheckConstraint(one_of("target", HIDEABLE), name="target"),
        CheckConstraint("(target = 'comment') = (comment_id IS NOT NULL)", name="comment"),
        CheckConstraint("(target = 'comment') = (target_id IS NULL)", name="target_id"),
        CheckConstraint("length(appeal) <= 2000", name="appeal"),
        CheckConstraint(
            "appeal_state IS NULL OR " + one_of("appeal_state", APPEAL_STATES), name="state"
        ),
        CheckConstraint("(appeal_state IS NULL) = (appealed_at IS NULL)", name="appealed"),
        CheckConstraint("answered_at IS NULL OR appeal_state <> 'open'", name="answered"),
        Index("ix_hiding_comment", "comment_id", "at"),
        Index("ix_hiding_target", "idea_id", "target", "target_id", "at"),
        Index("ix_hiding_appeals", "appeal_state", "appealed_at"),
    )

    id: UUID = Field(primary_key=True)
    target: str = Field(default="comment", sa_column_kwargs={"server_default": "comment"})
    target_id: str | None = None
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id")
    idea_id: UUID = Field(foreign_key="idea.id")
    author_id: UUID = Field(foreign_key="person.id", index=True)
    by: UUID = Field(foreign_key="person.id")
    ground: str
    reason: str
    at: datetime = Field(sa_type=UTCDateTime)
    appeal: str = ""
    appeal_state: str | None = None
    appealed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answer: str = ""
    answered_by: UUID | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    shown_reason: str = ""
    shown_by: UUID | None = Field(default=None, foreign_key="person.id")
    shown_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

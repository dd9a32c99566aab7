"""Wording that people suggest for an idea's text."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime, one_of

SUGGESTION_KINDS = ("replace", "insert", "delete")
SUGGESTION_STATES = ("open", "accepting", "accepted", "declined", "withdrawn")


class Suggestion(Row, table=True):
    """Words for a passage of the text, and what became of them.

    ``epoch`` and ``seq`` are of the text that was seen; ``applied_epoch`` and ``applied_seq`` of
    the text that has the words, ``client`` wrote them. ``history`` is what the words and reasons
    were before, oldest first.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        CheckConstraint(one_of("kind", SUGGESTION_KINDS), name="kind"),
        CheckConstraint(one_of("state", SUGGESTION_STATES), name="state"),
        CheckConstraint("length(text) <= 5000", name="text"),
        CheckConstraint("length(reason) <= 1000", name="reason"),
        CheckConstraint("length(decision) <= 1000", name="decision"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'accepted' OR applied_seq IS NOT NULL", name="applied"),
        Index(None, "idea_id", "state", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    author_id: UUID = Field(foreign_key="person.id", index=True)
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id", index=True)
    section: str
    kind: str
    passage: dict[str, Any] = Field(sa_type=Json)
    text: str
    reason: str = ""
    revision: int = 1
    history: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    epoch: int
    seq: int = Field(sa_type=BigInteger)
    created_at: datetime = Field(sa_type=UTCDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    state: str = "open"
    decided_by: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decision: str = ""
    client: int | None = Field(default=None, sa_type=BigInteger)
    applied_epoch: int | None = None
    applied_seq: int | None = Field(default=None, sa_type=BigInteger)
    hidden_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

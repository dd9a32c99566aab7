"""Comments on ideas."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime, one_of

COMMENT_KINDS = ("question", "concern", "evidence", "offer", "praise", "note")


class Comment(Row, table=True):
    """One contribution to the talk about an idea; a deleted one keeps its place, not its text.

    ``origin_id`` is the idea at which it was said, where that one is part of this one now. Ideas
    are never deleted, so no foreign key has to hold it, which older programs would have to mind.
    """

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint(one_of("kind", COMMENT_KINDS), name="kind"),
        CheckConstraint("length(text) <= 5000", name="text"),
        CheckConstraint("deleted_at IS NOT NULL OR length(text) > 0", name="not_empty"),
        CheckConstraint("reply_to IS NULL OR reply_to <> id", name="reply"),
        # A reply is about the same idea as what it replies to.
        UniqueConstraint("idea_id", "id"),
        ForeignKeyConstraint(["idea_id", "reply_to"], ["comment.idea_id", "comment.id"]),
        Index(None, "idea_id", "created_at", "id"),
        # The first comments of threads, newest first, are what a page reads.
        Index("ix_comment_idea_id_reply_to", "idea_id", "reply_to", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    author_id: UUID = Field(foreign_key="person.id", index=True)
    reply_to: UUID | None = Field(default=None, index=True)
    kind: str
    text: str
    anchor: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hidden_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hidden_by: UUID | None = Field(default=None, foreign_key="person.id")
    hidden_reason: str | None = None
    deleted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    resolved_by: UUID | None = Field(default=None, foreign_key="person.id")
    origin_id: UUID | None = None

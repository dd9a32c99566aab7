"""Tasks of an idea."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime, one_of

TASK_STATES = ("open", "done", "dropped")


class Task(Row, table=True):
    """What is to be done at an idea, by whom and until which day; nobody's as long as it is free.

    ``comment_id`` is the comment that it was made from, ``hidden_with`` the same while that one is
    hidden. ``reason`` says why it was dropped.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("idea_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("length(text) BETWEEN 1 AND 500", name="text"),
        CheckConstraint("length(reason) <= 500", name="reason"),
        CheckConstraint(one_of("state", TASK_STATES), name="state"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("(settled_by IS NULL) = (settled_at IS NULL)", name="settled_by"),
        ForeignKeyConstraint(["idea_id", "comment_id"], ["comment.idea_id", "comment.id"]),
        Index(None, "idea_id", "state"),
        Index(None, "owner_id", "state"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    number: int
    text: str
    owner_id: UUID | None = Field(default=None, foreign_key="person.id")
    due: date | None = None
    comment_id: UUID | None = None
    state: str = "open"
    reason: str = ""
    created_by: UUID = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    settled_by: UUID | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hidden_with: UUID | None = None

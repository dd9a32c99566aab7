"""What hangs on a comment: who is named in it, what people hold of it, what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, false
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime, one_of

REACTIONS = ("agree", "disagree", "unsure")
OUTCOMES = ("requirement", "task", "suggestion")


class Mention(Row, table=True):
    """Somebody who is named in a comment and may read it.

    ``is_past``: the comment was changed and names him no more; he was told, and is not told again.
    """

    __tablename__ = "mention"

    comment_id: UUID = Field(foreign_key="comment.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    is_past: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Reaction(Row, table=True):
    """What one person holds of one comment; the latest counts."""

    __tablename__ = "reaction"
    __table_args__ = (
        CheckConstraint(one_of("reaction", REACTIONS), name="reaction"),
        # A reaction is found by its idea as well, for the matrix of who holds what.
        ForeignKeyConstraint(["idea_id", "comment_id"], ["comment.idea_id", "comment.id"]),
        Index(None, "idea_id", "comment_id"),
    )

    comment_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    idea_id: UUID
    reaction: str
    created_at: datetime = Field(sa_type=UTCDateTime)
    updated_at: datetime = Field(sa_type=UTCDateTime)


class Resolution(Row, table=True):
    """That a thread was settled: by whom, with which note, by which change of the text.

    ``change_from`` and ``change_to`` are kept versions of the text, ``epoch.seq``.
    """

    __tablename__ = "resolution"
    __table_args__ = (
        CheckConstraint("length(note) <= 500", name="note"),
        CheckConstraint("(change_from IS NULL) = (change_to IS NULL)", name="change"),
        CheckConstraint("(reopened_at IS NULL) = (reopened_by IS NULL)", name="reopened"),
        ForeignKeyConstraint(["idea_id", "comment_id"], ["comment.idea_id", "comment.id"]),
        Index(None, "idea_id", "comment_id"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID
    comment_id: UUID
    by: UUID = Field(foreign_key="person.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    note: str = ""
    change_from: str | None = None
    change_to: str | None = None
    reopened_by: UUID | None = Field(default=None, foreign_key="person.id")
    reopened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Outcome(Row, table=True):
    """What a comment was turned into; ``target`` is its number or id at the idea."""

    __tablename__ = "comment_outcome"
    __table_args__ = (
        CheckConstraint(one_of("kind", OUTCOMES), name="kind"),
        CheckConstraint("length(target) BETWEEN 1 AND 64", name="target"),
        ForeignKeyConstraint(["idea_id", "comment_id"], ["comment.idea_id", "comment.id"]),
        Index(None, "idea_id", "comment_id"),
    )

    comment_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    idea_id: UUID
    by: UUID = Field(foreign_key="person.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)

"""Ideas that are to be one, or are: who is asked, and what went from one to the other."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime, one_of

MERGE_STATES = ("asked", "done", "declined", "withdrawn", "undone")
SIDES = ("source", "target")
ANSWERS = ("yes", "no")
PARTS = ("comment", "task", "requirement", "role", "follow", "link", "judgement")
_LIVING = text("state IN ('asked', 'done')")


class IdeaMerge(Row, table=True):
    """One merge from its proposal to its end; an idea is in one living merge as its source.

    ``ended_by`` and ``ended_reason`` are of who declined, withdrew, carried out or undid it last.
    The versions are those of the two texts when it was carried out, and both are kept.
    """

    __tablename__ = "idea_merge"
    __table_args__ = (
        CheckConstraint(one_of("state", MERGE_STATES), name="state"),
        CheckConstraint("source_id <> target_id", name="two"),
        CheckConstraint("length(reason) BETWEEN 1 AND 2000", name="reason"),
        CheckConstraint("(state IN ('done', 'undone')) = (merged_at IS NOT NULL)", name="merged"),
        CheckConstraint("(merged_at IS NULL) = (source_seq IS NULL)", name="source_version"),
        CheckConstraint("(merged_at IS NULL) = (target_seq IS NULL)", name="target_version"),
        CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name="ended"),
        Index(
            "uq_idea_merge_living",
            "source_id",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
        Index("ix_idea_merge_source", "source_id", "proposed_at"),
        Index("ix_idea_merge_target", "target_id", "state", "proposed_at"),
    )

    id: UUID = Field(primary_key=True)
    source_id: UUID = Field(foreign_key="idea.id")
    target_id: UUID = Field(foreign_key="idea.id")
    state: str = "asked"
    reason: str
    proposed_by: UUID = Field(foreign_key="person.id", index=True)
    proposed_at: datetime = Field(sa_type=UTCDateTime)
    ended_by: UUID | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_reason: str = ""
    merged_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    source_epoch: int | None = None
    source_seq: int | None = Field(default=None, sa_type=BigId)
    target_epoch: int | None = None
    target_seq: int | None = Field(default=None, sa_type=BigId)


class MergeConsent(Row, table=True):
    """Somebody who is asked, and what he says."""

    __tablename__ = "merge_consent"
    __table_args__ = (
        CheckConstraint(one_of("side", SIDES), name="side"),
        CheckConstraint(f"answer IS NULL OR {one_of('answer', ANSWERS)}", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("length(note) <= 500", name="note"),
    )

    merge_id: UUID = Field(foreign_key="idea_merge.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    side: str
    answer: str | None = None
    note: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class MergePart(Row, table=True):
    """One thing that the merge moved or added, and what is needed to take that back.

    ``key`` names it among those of its kind; ``person_id`` is whose it is, where it is somebody's.
    """

    __tablename__ = "merge_part"
    __table_args__ = (
        CheckConstraint(one_of("kind", PARTS), name="kind"),
        CheckConstraint("length(key) BETWEEN 1 AND 200", name="key"),
    )

    merge_id: UUID = Field(foreign_key="idea_merge.id", primary_key=True)
    kind: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)

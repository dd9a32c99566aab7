"""Roles with an end: who is to hold which role where, from when until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime, one_of

STATES = ("planned", "running", "ended")

_OPEN_AT_IDEA = text("state <> 'ended' AND idea_id IS NOT NULL")
_OPEN_AT_ARENA = text("state <> 'ended' AND idea_id IS NULL")


class RoleTerm(Row, table=True):
    """A role for a time, at an idea or (without one) everywhere.

    The role itself is a row of ``idea_role`` or ``person_role`` exactly while the term runs, so
    whoever asks for roles needs no clock.
    """

    __tablename__ = "role_term"
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("length(role) BETWEEN 1 AND 64", name="role"),
        CheckConstraint("valid_until > valid_from", name="order"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        Index(
            "uq_role_term_at_idea",
            "idea_id",
            "person_id",
            "role",
            unique=True,
            sqlite_where=_OPEN_AT_IDEA,
            postgresql_where=_OPEN_AT_IDEA,
        ),
        Index(
            "uq_role_term_at_arena",
            "person_id",
            "role",
            unique=True,
            sqlite_where=_OPEN_AT_ARENA,
            postgresql_where=_OPEN_AT_ARENA,
        ),
        Index("ix_role_term_begin", "state", "valid_from"),
        Index("ix_role_term_end", "state", "valid_until"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    idea_id: UUID | None = Field(default=None, foreign_key="idea.id")
    role: str
    valid_from: datetime = Field(sa_type=UTCDateTime)
    valid_until: datetime = Field(sa_type=UTCDateTime)
    state: str
    granted_by: UUID | None = Field(default=None, foreign_key="person.id")
    granted_at: datetime = Field(sa_type=UTCDateTime)
    ended_by: UUID | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

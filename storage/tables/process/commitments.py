"""Commitments of organisations to the principles of good practice, and when to renew them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime, one_of

COMMITMENT_STATES = ("draft", "signed", "superseded", "withdrawn")
DUTIES = ("commit", "explain")
RENEWAL_REASONS = ("catalogue", "lead", "withdrawn")

_DRAFT = text("state = 'draft'")
_SIGNED = text("state = 'signed'")
_OPEN = text("closed_at IS NULL")


class Commitment(Row, table=True):
    """What an organisation says to each principle of one catalogue version, for one idea.

    Once signed, its words stay as they are. ``revision`` counts the changes of a draft; the names
    are those of the day.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        CheckConstraint(one_of("state", COMMITMENT_STATES), name="state"),
        CheckConstraint(one_of("duty", DUTIES), name="duty"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("(state = 'draft') = (signed_at IS NULL)", name="signed"),
        CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signed_by"),
        CheckConstraint("(state IN ('draft', 'signed')) = (ended_at IS NULL)", name="ended"),
        Index(
            "uq_commitment_draft",
            "idea_id",
            "organisation_id",
            unique=True,
            sqlite_where=_DRAFT,
            postgresql_where=_DRAFT,
        ),
        Index(
            "uq_commitment_signed",
            "idea_id",
            "organisation_id",
            unique=True,
            sqlite_where=_SIGNED,
            postgresql_where=_SIGNED,
        ),
        Index("ix_commitment_idea", "idea_id", "drafted_at"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation_name: str
    catalogue_id: str
    catalogue_version: int
    duty: str
    answers: dict[str, dict[str, Any]] = Field(sa_type=Json)
    state: str
    revision: int = 1
    drafted_by: UUID = Field(foreign_key="person.id")
    drafted_at: datetime = Field(sa_type=UTCDateTime)
    signed_by: UUID | None = Field(default=None, foreign_key="person.id")
    signed_by_name: str | None = None
    signed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_reason: str | None = None


class Renewal(Row, table=True):
    """The task to commit oneself anew until a day; one is open for an idea at most."""

    __tablename__ = "renewal"
    __table_args__ = (
        CheckConstraint(one_of("cause", RENEWAL_REASONS), name="cause"),
        Index(
            "uq_renewal_open", "idea_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_renewal_idea", "idea_id", "opened_at"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation_name: str
    catalogue_version: int
    cause: str
    opened_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

"""Which organisations answer for an idea, and which did; rows are never deleted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime, one_of

PARTS = ("lead", "partner")
STATES = ("offered", "active", "declined", "withdrawn", "expired", "handed_over", "released")

_LEADS = text("part = 'lead' AND state = 'active'")
_OPEN = text("state IN ('offered', 'active')")


class Responsibility(Row, table=True):
    """One organisation's part in one idea, from its offer to its end.

    ``organisation_name`` is the name borne when it was offered. ``person_id`` stands for the
    organisation at the idea; ``hands_over`` is the responsibility that ends when this is confirmed.
    """

    __tablename__ = "responsibility"
    __table_args__ = (
        CheckConstraint(one_of("part", PARTS), name="part"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(
            "state NOT IN ('active', 'handed_over', 'released') OR confirmed_at IS NOT NULL",
            name="confirmed",
        ),
        CheckConstraint(
            "(state IN ('offered', 'active')) = (ended_at IS NULL)",
            name="ended",
        ),
        Index(
            "uq_responsibility_lead",
            "idea_id",
            unique=True,
            sqlite_where=_LEADS,
            postgresql_where=_LEADS,
        ),
        Index(
            "uq_responsibility_open",
            "idea_id",
            "organisation_id",
            "part",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_responsibility_idea", "idea_id", "offered_at"),
        Index("ix_responsibility_expiry", "state", "expires_at"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    organisation_name: str
    actor_class: str
    part: str
    state: str
    note: str
    hands_over: UUID | None = Field(default=None, foreign_key="responsibility.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    offered_by: UUID = Field(foreign_key="person.id")
    offered_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    confirmed_by: UUID | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_by: UUID | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_reason: str | None = None

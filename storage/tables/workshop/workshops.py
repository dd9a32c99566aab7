"""Workshops, their tables, who leads them, who attends, and their live documents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime, one_of

DOCUMENT_KINDS = ("board", "minutes")


class Workshop(Row, table=True):
    """One evening. ``agenda`` is a list of steps, ``step`` the place of the one that runs.

    People join until ``joining_until`` unless ``closed_at`` came before. After ``ended_at`` nothing
    is led any more; what was typed offline still arrives until ``expires_at``, when the sign-ins
    of guests end as well. ``revision`` grows with every change, so that two facilitators at once
    notice each other.
    """

    __tablename__ = "workshop"
    __table_args__ = (
        CheckConstraint("length(code) = 6", name="code"),
        CheckConstraint("length(title) BETWEEN 1 AND 120", name="title"),
        CheckConstraint("step >= 0", name="step"),
        CheckConstraint("dots_per_person BETWEEN 0 AND 50", name="dots"),
        CheckConstraint("expires_at >= joining_until", name="expires"),
    )

    id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    title: str
    template_id: str
    template_version: int
    agenda: list[Any] = Field(sa_type=Json)
    step: int = 0
    step_began_at: datetime = Field(sa_type=UTCDateTime)
    timer_ends_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    is_silent: bool = False
    is_frozen: bool = False
    shows_names: bool = False
    dots_per_person: int = 5
    dots_revealed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_by: UUID = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    joining_until: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
    revision: int = 0


class WorkshopTable(Row, table=True):
    """A table in the room, or one of people who are elsewhere; the idea it has opened."""

    __tablename__ = "workshop_table"
    __table_args__ = (
        CheckConstraint("length(code) = 6", name="code"),
        CheckConstraint("length(name) BETWEEN 1 AND 60", name="name"),
        UniqueConstraint("workshop_id", "number"),
    )

    id: UUID = Field(primary_key=True)
    workshop_id: UUID = Field(foreign_key="workshop.id")
    number: int
    name: str
    code: str = Field(unique=True)
    is_remote: bool = False
    idea_id: UUID | None = Field(default=None, foreign_key="idea.id", index=True)


class WorkshopFacilitator(Row, table=True):
    """A person who leads the evening."""

    __tablename__ = "workshop_facilitator"

    workshop_id: UUID = Field(foreign_key="workshop.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    at: datetime = Field(sa_type=UTCDateTime)


class Attendance(Row, table=True):
    """A person's place in a workshop; whoever was removed keeps the row and nothing else."""

    __tablename__ = "attendance"

    workshop_id: UUID = Field(foreign_key="workshop.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    table_id: UUID | None = Field(default=None, foreign_key="workshop_table.id", index=True)
    joined_at: datetime = Field(sa_type=UTCDateTime)
    hand_raised_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    removed_by: UUID | None = Field(default=None, foreign_key="person.id")


class Guest(Row, table=True):
    """A person without an account, who came by a code.

    ``claim_hash`` is of the receipt with which an account takes over what the guest did.
    """

    __tablename__ = "guest"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    workshop_id: UUID = Field(foreign_key="workshop.id", index=True)
    claim_hash: str | None = Field(default=None, unique=True)
    claimed_by: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    claimed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class WorkshopDocument(Row, table=True):
    """A live document of a workshop: its board, its minutes."""

    __tablename__ = "workshop_document"
    __table_args__ = (CheckConstraint(one_of("kind", DOCUMENT_KINDS), name="kind"),)

    workshop_id: UUID = Field(foreign_key="workshop.id", primary_key=True)
    kind: str = Field(primary_key=True)
    document_id: UUID = Field(foreign_key="document.id", unique=True)

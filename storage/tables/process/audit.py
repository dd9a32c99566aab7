"""The audit log, and the keys outside of it that say whom and what its seals stand for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime

_GIVEN = {"autoincrement": False}


class AuditEntry(Row, table=True):
    """One link of a chain; never changed, never deleted. ``body`` holds facts and seals.

    ``chain`` is the reference of the idea, or ``arena`` for what concerns none.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("length(previous) = 64 AND length(hash) = 64", name="hashes"),
    )

    chain: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs=_GIVEN)
    idea_id: UUID | None = Field(default=None, foreign_key="idea.id", index=True)
    event_id: int | None = Field(default=None, foreign_key="event.id", unique=True, sa_type=BigId)
    at: datetime = Field(sa_type=UTCDateTime)
    act: str
    public: bool
    body: dict[str, Any] = Field(sa_type=Json)
    previous: str
    hash: str


class AuditKey(Row, table=True):
    """The random key of one seal; an erasure deletes it, and the seal says nothing any more.

    ``person_id`` is whom the seal stands for, if it stands for a person.
    """

    __tablename__ = "audit_key"
    __table_args__ = (
        ForeignKeyConstraint(["chain", "number"], ["audit_entry.chain", "audit_entry.number"]),
    )

    chain: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs=_GIVEN)
    field: str = Field(primary_key=True)
    key: bytes
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)

"""What lets a person in: sessions of browsers, tokens of programs, links used once.

Secrets are stored as hashes only.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime, one_of

LINK_PURPOSES = ("sign_in", "invitation", "password_reset", "collab_ticket")


class Session(Row, table=True):
    """A signed-in browser."""

    __tablename__ = "session"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="lifetime"),)

    id_hash: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    last_seen_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
    device: str = ""
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Token(Row, table=True):
    """A bearer token of a program that acts for a person."""

    __tablename__ = "token"

    id: UUID = Field(primary_key=True)
    secret_hash: str = Field(unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    label: str = ""
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class OneTimeLink(Row, table=True):
    """A secret that opens something once: a sign-in, an invitation, a reset, a live socket."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint(one_of("purpose", LINK_PURPOSES), name="purpose"),
        CheckConstraint("expires_at > created_at", name="lifetime"),
    )

    secret_hash: str = Field(primary_key=True)
    purpose: str
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

"""Erasures of people and texts: what was asked for and how far it is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime


class Erasure(Row, table=True):
    """One erasure: of a person's account, of his text in a document, or of a document's past.

    ``done_at``: no query finds it any more. ``purged_at``: no file of the database holds it.
    """

    __tablename__ = "erasure"
    __table_args__ = (CheckConstraint("purged_at IS NULL OR done_at IS NOT NULL", name="order"),)

    id: UUID = Field(primary_key=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    asked_at: datetime = Field(sa_type=UTCDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    purged_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)

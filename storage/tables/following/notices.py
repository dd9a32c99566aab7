"""What is addressed to people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from storage.tables.columns import BigId, Row, UTCDateTime


class Notice(Row, table=True):
    """One event that concerns one person himself; the key allows only one of an event.

    ``seen_at``: he has been shown it, so nothing is mailed any more. ``mailed_at``: it has left.
    ``read_at``: it is no news in his inbox any more.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("length(reason) BETWEEN 1 AND 64", name="reason"),
        Index(None, "person_id", "event_id"),
        Index("ix_notice_unread", "person_id", "read_at"),
        # What may have to be mailed: asked every few seconds.
        Index("ix_notice_mailing", "mailed_at", "seen_at", "at"),
    )

    event_id: int = Field(
        foreign_key="event.id",
        primary_key=True,
        sa_type=BigId,
        sa_column_kwargs={"autoincrement": False},
    )
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    idea_id: UUID | None = Field(default=None, foreign_key="idea.id", index=True)
    reason: str
    at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    mailed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

"""The log of committed facts that pages listen to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime


class Event(Row, table=True):
    """A committed fact; ids grow in the order of commit and are never given out twice."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "idea_id", "id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    idea_id: UUID | None = Field(default=None, foreign_key="idea.id")
    kind: str
    actor_id: UUID | None = Field(default=None, foreign_key="person.id")
    payload: dict[str, Any] = Field(sa_type=Json)
    public: bool
    at: datetime = Field(sa_type=UTCDateTime)

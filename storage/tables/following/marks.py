"""How far people and the clock's jobs have read."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from storage.tables.columns import BigId, Row, UTCDateTime


class ReadMark(Row, table=True):
    """What a person has seen of an idea, and (``before_…``) what he knew when he last came."""

    __tablename__ = "read_mark"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True, index=True)
    event_id: int = Field(sa_type=BigId)
    epoch: int
    seq: int = Field(sa_type=BigId)
    sha256: str
    at: datetime = Field(sa_type=UTCDateTime)
    before_event: int | None = Field(default=None, sa_type=BigId)
    before_epoch: int | None = None
    before_seq: int | None = Field(default=None, sa_type=BigId)
    before_sha256: str | None = None
    before_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Watermark(Row, table=True):
    """The newest event that a job of the clock has dealt with."""

    __tablename__ = "watermark"

    name: str = Field(primary_key=True)
    event_id: int = Field(sa_type=BigId)


class StallTold(Row, table=True):
    """Of which time of rest of an idea its followers were told: the one since ``active_at``."""

    __tablename__ = "stall_told"

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    active_at: datetime = Field(sa_type=UTCDateTime)

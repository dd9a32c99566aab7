"""Where people outside the team contribute slowly for now, and who did when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime


class SlowMode(Row, table=True):
    """Slow mode at one idea, until it ends."""

    __tablename__ = "slow_mode"
    __table_args__ = (
        CheckConstraint("seconds BETWEEN 30 AND 3600", name="seconds"),
        CheckConstraint("until > at", name="lifetime"),
    )

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    seconds: int
    reason: str
    by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    until: datetime = Field(sa_type=UTCDateTime, index=True)


class SlowTurn(Row, table=True):
    """When somebody contributed last while slow mode is on; gone when it ends."""

    __tablename__ = "slow_turn"

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)

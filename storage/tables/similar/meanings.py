"""What a machine makes of an idea's text, and which of its hints a team does not want."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime


class IdeaMeaning(Row, table=True):
    """The vector of the text whose hash is ``sha256``, as float32, made by ``model``."""

    __tablename__ = "idea_meaning"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256"),)

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    sha256: str
    model: str
    vector: bytes
    at: datetime = Field(sa_type=UTCDateTime, index=True)


class DismissedHint(Row, table=True):
    """The team of one idea does not want to be pointed to the other one again."""

    __tablename__ = "dismissed_hint"
    __table_args__ = (CheckConstraint("idea_id <> other_id", name="other"),)

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    other_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)

"""What people follow: ideas, and searches in the list of ideas."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Row, UTCDateTime, one_of

STANDINGS = ("chosen", "spoke", "not")
"""By his own choice; because he said something there; or not, whatever else speaks for it."""


class IdeaFollow(Row, table=True):
    """How a person stands to hearing of an idea; who is of its team needs no row.

    ``since_event``: the newest event when that began; what lies before is no news to him.
    """

    __tablename__ = "idea_follow"
    __table_args__ = (CheckConstraint(one_of("standing", STANDINGS), name="standing"),)

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True, index=True)
    standing: str
    since_event: int = Field(default=0, sa_type=BigId)
    at: datetime = Field(sa_type=UTCDateTime)


class SavedSearch(Row, table=True):
    """A search in the list of ideas, by the parameters of its address.

    ``looked_to``: the last publication that was held against it.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("length(parameters) BETWEEN 1 AND 1000", name="parameters"),
        UniqueConstraint("person_id", "parameters"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    parameters: str
    alert: bool = True
    looked_to: int = Field(sa_type=BigId)
    at: datetime = Field(sa_type=UTCDateTime)

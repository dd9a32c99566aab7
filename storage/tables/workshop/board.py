"""What stands beside a workshop's board: notes not shown yet, dots, and what notes have become.

``note_id`` is the id that a note or group has on the board; what is gone there stays here until
its person has taken it back.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime


class SilentNote(Row, table=True):
    """A note that nobody but its author sees until all are shown together.

    ``id`` is made on the device, so that what is sent twice is one note. ``client`` is the client
    id under which it is brought onto the board, given once when that begins; ``brought_at``: it
    is there, and the text is here no longer.
    """

    __tablename__ = "silent_note"
    __table_args__ = (
        CheckConstraint("length(id) BETWEEN 6 AND 24", name="id"),
        CheckConstraint("length(text) <= 500", name="text"),
    )

    workshop_id: UUID = Field(foreign_key="workshop.id", primary_key=True)
    id: str = Field(primary_key=True)
    author_id: UUID = Field(foreign_key="person.id", index=True)
    text: str
    colour: str
    at: datetime = Field(sa_type=UTCDateTime)
    client: int | None = Field(default=None, sa_type=BigInteger)
    brought_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)


class Dot(Row, table=True):
    """How many dots a person gives a note or group; secret until the workshop shows them."""

    __tablename__ = "dot"
    __table_args__ = (
        CheckConstraint("count BETWEEN 1 AND 50", name="count"),
        CheckConstraint("length(note_id) BETWEEN 6 AND 24", name="note_id"),
    )

    workshop_id: UUID = Field(foreign_key="workshop.id", primary_key=True)
    note_id: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    count: int
    at: datetime = Field(sa_type=UTCDateTime)


class NoteIdea(Row, table=True):
    """The idea that a note or group has become, or to which it was added; one of each note."""

    __tablename__ = "note_idea"
    __table_args__ = (CheckConstraint("length(note_id) BETWEEN 6 AND 24", name="note_id"),)

    workshop_id: UUID = Field(foreign_key="workshop.id", primary_key=True)
    note_id: str = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id", index=True)
    is_beginning: bool
    by: UUID = Field(foreign_key="person.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)

"""What moderators keep beside the ideas: claims, prepared decisions, internal notes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime


class Claim(Row, table=True):
    """Who looks after an idea for now; one person at a time, and nobody once ``until`` is over.

    ``taken_from`` is whose claim it was before, and ``note`` what was said about taking it over.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("until > at", name="lifetime"),
        CheckConstraint("taken_from IS NULL OR length(note) > 0", name="note"),
        CheckConstraint("length(note) <= 500", name="note_length"),
    )

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    until: datetime = Field(sa_type=UTCDateTime)
    taken_from: UUID | None = Field(default=None, foreign_key="person.id")
    note: str = ""


class PreparedAct(Row, table=True):
    """A decision that is written down and not made: where to, why, on which state of the idea.

    ``refusal`` says why it was not executed when its list was last published.
    """

    __tablename__ = "prepared_act"
    __table_args__ = (
        UniqueConstraint("list_name", "idea_id"),
        Index(None, "list_name", "at", "id"),
        CheckConstraint("length(list_name) BETWEEN 1 AND 80", name="list_name"),
        CheckConstraint("length(to_stage) BETWEEN 1 AND 64", name="to_stage"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("epoch >= 1 AND seq >= 0", name="version"),
        CheckConstraint("(refused_at IS NULL) = (refusal IS NULL)", name="refused"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id", index=True)
    list_name: str
    to_stage: str
    reason: str
    reason_code: str | None = None
    revision: int
    epoch: int
    seq: int = Field(sa_type=BigId)
    sha256: str
    prepared_by: UUID = Field(foreign_key="person.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    refused_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    refusal: dict[str, Any] | None = Field(default=None, sa_type=Json, nullable=True)


class CaseNote(Row, table=True):
    """The document of an idea's internal notes; it is made when they are opened first."""

    __tablename__ = "case_note"

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    document_id: UUID = Field(foreign_key="document.id", unique=True)
    opened_by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)

"""Texts as they can be read and searched without the live document."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime


class IdeaText(Row, table=True):
    """Projection of a dossier's committed text.

    ``number`` is the idea's. ``stems`` and ``title_trigrams`` are what searches look at; their
    indexes are made by a migration (0004).
    """

    __tablename__ = "idea_text"
    __table_args__ = (CheckConstraint("epoch >= 1 AND seq >= 0", name="version"),)

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    number: int = Field(unique=True, sa_type=BigId)
    epoch: int
    seq: int = Field(sa_type=BigId)
    sha256: str
    title: str
    plain: str
    sections: dict[str, Any] = Field(sa_type=Json)
    stems: str
    title_trigrams: str


class TextVersion(Row, table=True):
    """A version that an official act or a judgement is bound to; never cut.

    Nothing changes it but an erasure, which marks the passages it takes out; ``sha256`` stays that
    of the text as it was.
    """

    __tablename__ = "text_version"
    __table_args__ = (
        CheckConstraint("epoch >= 1 AND seq >= 0", name="version"),
        ForeignKeyConstraint(["document_id"], ["document.id"]),
    )

    document_id: UUID = Field(primary_key=True)
    epoch: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    sha256: str
    sections: dict[str, Any] = Field(sa_type=Json)
    state: bytes
    redacted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    at: datetime = Field(sa_type=UTCDateTime)

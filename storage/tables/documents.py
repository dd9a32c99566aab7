"""Live documents: heads, log, snapshots, who owns which client id, who is muted, what kills.

Actors of the log are pseudonyms: no foreign key, so the log outlives the account.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime, one_of

_GIVEN = {"autoincrement": False}

PHASES = ("load", "apply", "read")
VERDICTS = ("suspected", "cleared", "killer", "dependent", "damaged")


class Document(Row, table=True):
    """The head of one live document; its row lock orders everything written to the document."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("epoch >= 1", name="epoch"),
        CheckConstraint("seq >= 0", name="seq"),
        CheckConstraint("access_version >= 0", name="access_version"),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    schema_number: int
    epoch: int = 1
    seq: int = Field(default=0, sa_type=BigId)
    access_version: int = 0
    created_at: datetime = Field(sa_type=UTCDateTime)


class DocumentLog(Row, table=True):
    """What one actor wrote in one commit: a Yjs v1 update and its hash."""

    __tablename__ = "document_log"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    epoch: int = Field(primary_key=True, sa_column_kwargs=_GIVEN)
    seq: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs=_GIVEN)
    update: bytes
    sha256: str
    actor_id: UUID | None = None
    clients: list[Any] = Field(sa_type=Json)
    at: datetime = Field(sa_type=UTCDateTime)


class DocumentSnapshot(Row, table=True):
    """The whole state at ``seq``: a cache made from the log, inserted once, never overwritten."""

    __tablename__ = "document_snapshot"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256"),)

    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    epoch: int = Field(primary_key=True, sa_column_kwargs=_GIVEN)
    seq: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs=_GIVEN)
    state: bytes
    sha256: str
    at: datetime = Field(sa_type=UTCDateTime)


class DocumentClient(Row, table=True):
    """The actor that owns a Yjs client id; nobody else may write under it."""

    __tablename__ = "document_client"

    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    epoch: int = Field(primary_key=True, sa_column_kwargs=_GIVEN)
    client_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs=_GIVEN)
    actor_id: UUID | None = None


class Mute(Row, table=True):
    """A person who may not write in a document for now."""

    __tablename__ = "mute"

    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    by: UUID = Field(foreign_key="person.id")
    reason: str
    at: datetime = Field(sa_type=UTCDateTime)


class SuspectDocument(Row, table=True):
    """A document at which a process died; a child process tries it before it is opened again."""

    __tablename__ = "suspect_document"
    __table_args__ = (CheckConstraint(one_of("phase", PHASES), name="phase"),)

    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    phase: str
    at: datetime = Field(sa_type=UTCDateTime)


class Quarantined(Row, table=True):
    """An update that is kept out of a document; nothing here is ever dropped.

    ``seq`` is the row of the log that it was, if it was one. ``update`` is missing where only the
    hash of an update is known. ``clients`` are the clock ranges it inserts. ``deaths`` counts how
    often a process died over it. ``released_at``: its author may write again; it itself may not
    come back.
    """

    __tablename__ = "quarantine"
    __table_args__ = (
        CheckConstraint(one_of("phase", PHASES), name="phase"),
        CheckConstraint(one_of("verdict", VERDICTS), name="verdict"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("deaths >= 0", name="deaths"),
        UniqueConstraint("document_id", "sha256"),
    )

    id: UUID = Field(primary_key=True)
    document_id: UUID = Field(foreign_key="document.id")
    epoch: int
    seq: int | None = Field(default=None, sa_type=BigId)
    actor_id: UUID | None = None
    sha256: str
    update: bytes | None = None
    clients: list[Any] = Field(sa_type=Json)
    phase: str
    verdict: str
    deaths: int = 0
    at: datetime = Field(sa_type=UTCDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

"""Names that people gave to kept versions of a text."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from storage.tables.columns import BigId, Row, UTCDateTime, one_of

NAMED: Final = "named"
BEFORE_RESTORE: Final = "before_restore"
KINDS: Final = (NAMED, BEFORE_RESTORE)


class NamedVersion(Row, table=True):
    """A kept version with its name; it pins the text for ever.

    What was kept before a restoration has no name of its own until somebody gives it one.
    """

    __tablename__ = "named_version"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint("kind = 'before_restore' OR name != ''", name="name"),
        CheckConstraint("length(name) <= 100", name="name_length"),
        ForeignKeyConstraint(
            ["document_id", "epoch", "seq"],
            ["text_version.document_id", "text_version.epoch", "text_version.seq"],
        ),
        Index("ix_named_version_document_id_epoch_seq", "document_id", "epoch", "seq"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id", index=True)
    document_id: UUID
    epoch: int
    seq: int = Field(sa_type=BigId)
    kind: str
    name: str
    note: str = ""
    by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    renamed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

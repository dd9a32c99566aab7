"""Text that came after it was settled."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime, one_of

STATES = ("waiting", "applied", "set_aside")


class LateContribution(Row, table=True):
    """One update that is kept beside a document's log, and how it reads.

    ``place`` orders those of a document. ``update`` goes when it has been applied or can never be.
    ``passages`` are ``[section, before, after]``. ``reason`` is the code why it lies aside.
    """

    __tablename__ = "late_contribution"
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("epoch >= 1 AND place >= 1", name="place"),
        CheckConstraint(
            "(state = 'applied') = (applied_seq IS NOT NULL)"
            " AND (state = 'set_aside') = (reason IS NOT NULL)"
            " AND (state <> 'waiting' OR \"update\" IS NOT NULL)",
            name="outcome",
        ),
        UniqueConstraint("document_id", "place"),
        UniqueConstraint("document_id", "sha256"),
    )

    id: UUID = Field(primary_key=True)
    document_id: UUID = Field(foreign_key="document.id")
    epoch: int
    place: int
    actor_id: UUID
    sha256: str
    update: bytes | None = None
    size: int
    passages: list[Any] = Field(sa_type=Json)
    received_at: datetime = Field(sa_type=UTCDateTime)
    state: str = "waiting"
    applied_seq: int | None = Field(default=None, sa_type=BigId)
    reason: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

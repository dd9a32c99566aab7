"""The history of an idea's stages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime


class StageChange(Row, table=True):
    """One official move: who, why, and which text it was bound to.

    ``revision`` is the idea's after the move; ``actor_name``, ``organisation`` and ``office`` are
    those of that time: the office is the role in which the actor could move the idea. ``gates``
    is what was demanded and found, ``evidence`` the revision of each kind that was its ground.
    ``undoes`` is the revision of the move that this one takes back.
    """

    __tablename__ = "stage_change"
    __table_args__ = (
        UniqueConstraint("idea_id", "revision"),
        CheckConstraint("epoch >= 1 AND seq >= 0", name="version"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    transition: str
    from_stage: str
    to_stage: str
    reason: str
    actor_id: UUID = Field(foreign_key="person.id")
    actor_name: str
    revision: int
    epoch: int
    seq: int = Field(sa_type=BigId)
    sha256: str
    office: str | None = None
    organisation: str | None = None
    reason_code: str | None = None
    gates: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    evidence: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    undoes: int | None = None
    at: datetime = Field(sa_type=UTCDateTime)

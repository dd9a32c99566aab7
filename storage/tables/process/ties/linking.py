"""Links between ideas, replicas of measures, and later changes offered to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime, one_of

LINK_KINDS = ("answers", "builds_on", "complements", "replicates")
OFFER_STATES = ("open", "taken", "declined")


class IdeaLink(Row, table=True):
    """One idea answers, builds on, complements or replicates another."""

    __tablename__ = "idea_link"
    __table_args__ = (
        CheckConstraint(one_of("kind", LINK_KINDS), name="kind"),
        CheckConstraint("from_id <> to_id", name="two"),
    )

    from_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    to_id: UUID = Field(foreign_key="idea.id", primary_key=True, index=True)
    kind: str = Field(primary_key=True)
    by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)


class Replication(Row, table=True):
    """An idea that began as a copy of a measure: for whom, of which text, on which terms.

    ``offered_epoch`` and ``offered_seq`` are the newest text of the origin whose changes were
    offered; ``organisation_name`` is the name at that time.
    """

    __tablename__ = "replication"
    __table_args__ = (
        CheckConstraint("epoch >= 1 AND seq >= 0", name="version"),
        CheckConstraint("replica_id <> origin_id", name="two"),
    )

    replica_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    origin_id: UUID = Field(foreign_key="idea.id", index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    organisation_name: str
    sections: list[str] = Field(sa_type=Json)
    epoch: int
    seq: int = Field(sa_type=BigId)
    sha256: str
    offered_epoch: int
    offered_seq: int = Field(sa_type=BigId)
    licence: str
    credit: str
    by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)


class OfferedChange(Row, table=True):
    """What has changed in one section of the origin, offered to the replica.

    It keeps no text: that is in the kept versions of the origin's document.
    """

    __tablename__ = "offered_change"
    __table_args__ = (
        CheckConstraint(one_of("state", OFFER_STATES), name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
    )

    id: UUID = Field(primary_key=True)
    replica_id: UUID = Field(foreign_key="replication.replica_id", index=True)
    section: str
    from_epoch: int
    from_seq: int = Field(sa_type=BigId)
    epoch: int
    seq: int = Field(sa_type=BigId)
    state: str = "open"
    by_hand: bool = False
    decided_by: UUID | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    at: datetime = Field(sa_type=UTCDateTime)

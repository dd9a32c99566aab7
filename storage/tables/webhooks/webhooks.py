"""Subscriptions of other systems, and what is to reach them. Nobody is named in either."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Json, Row, UTCDateTime, one_of

DELIVERY_STATES = ("waiting", "delivered", "dead")


class Webhook(Row, table=True):
    """Another system that is told of public events; no kinds named means all of them.

    Events up to ``after_event`` are on their way or arrived. ``failing_since`` is when the first
    attempt failed after the last that arrived.
    """

    __tablename__ = "webhook"

    id: UUID = Field(primary_key=True)
    url: str
    kinds: list[Any] = Field(default_factory=list, sa_type=Json)
    secret: str
    created_at: datetime = Field(sa_type=UTCDateTime)
    after_event: int = Field(sa_type=BigId)
    failing_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    off_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    off_reason: str = ""


class WebhookDelivery(Row, table=True):
    """An event that is to reach a system: which, not what is said of it.

    What is said is written when it leaves, from what everybody may read by then. ``next_at`` is
    empty once it arrived or was given up.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint(one_of("state", DELIVERY_STATES), name="state"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name="next_at"),
        UniqueConstraint("webhook_id", "event_id"),
        Index(None, "next_at", "id"),
        Index(None, "ended_at"),
    )

    id: UUID = Field(primary_key=True)
    webhook_id: UUID = Field(foreign_key="webhook.id")
    event_id: int = Field(foreign_key="event.id", sa_type=BigId)
    made_at: datetime = Field(sa_type=UTCDateTime)
    next_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    attempts: int = 0
    state: str = "waiting"
    fault: str = ""
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

"""What teams ask of those who support them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime, one_of

KINDS = ("method", "workshop", "prototyping", "advice", "moderation")
STATES = ("asked", "accepted", "declined", "done")


class SupportRequest(Row, table=True):
    """One request at an idea, from the asking to its result.

    ``answer`` is what was said when it was accepted or declined, ``result`` what came of it.
    """

    __tablename__ = "support_request"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        Index("ix_support_request_idea", "idea_id", "asked_at"),
        Index("ix_support_request_due", "state", "due_at"),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    kind: str
    text: str
    state: str
    asked_by: UUID = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    answer: str | None = None
    answered_by: UUID | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    result: str | None = None
    done_by: UUID | None = Field(default=None, foreign_key="person.id")
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    escalated_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

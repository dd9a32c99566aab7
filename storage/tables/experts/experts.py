"""What people say they know, and asking them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime, one_of

GROUNDS = ("profession", "research", "office", "lived")
TOPICS = ("dimension", "field", "keyword")
STATES = ("open", "accepted", "declined", "lapsed", "withdrawn")
_OPEN = text("state = 'open'")


class ExpertProfile(Row, table=True):
    """What one person declares, and whether he is listed and may be asked."""

    __tablename__ = "expert_profile"
    __table_args__ = (
        CheckConstraint(one_of("ground", GROUNDS), name="ground"),
        CheckConstraint("length(about) <= 600", name="about"),
    )

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    ground: str
    about: str = ""
    is_listed: bool = False
    may_be_asked: bool = False
    shows_organisation: bool = False
    updated_at: datetime = Field(sa_type=UTCDateTime)


class ExpertTopic(Row, table=True):
    """One thing that the person knows: a dimension, a field of action, or a word of his own.

    ``stems`` are those of a keyword, by spaces; ``head`` is what it is looked up by: the longest
    of them, or the id.
    """

    __tablename__ = "expert_topic"
    __table_args__ = (
        CheckConstraint(one_of("kind", TOPICS), name="kind"),
        CheckConstraint("length(value) BETWEEN 1 AND 100", name="value"),
        Index("ix_expert_topic_head", "kind", "head"),
    )

    person_id: UUID = Field(foreign_key="expert_profile.person_id", primary_key=True)
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    place: int
    stems: str = ""
    head: str


class ExpertInvitation(Row, table=True):
    """Somebody is asked at an idea; ``reasons`` are those that were shown when he was.

    ``question`` and ``comment_id`` point at what he is asked about, if it is one thing.
    """

    __tablename__ = "expert_invitation"
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        Index("ix_expert_invitation_idea", "idea_id", "invited_at"),
        Index("ix_expert_invitation_person", "person_id", "invited_at"),
        Index("ix_expert_invitation_due", "state", "due_at"),
        Index(
            "ix_expert_invitation_open",
            "idea_id",
            "person_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: UUID = Field(primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id")
    person_id: UUID = Field(foreign_key="person.id")
    state: str
    note: str
    question: str = ""
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id")
    reasons: list[dict[str, Any]] = Field(sa_type=Json)
    invited_by: UUID = Field(foreign_key="person.id")
    invited_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    answer: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

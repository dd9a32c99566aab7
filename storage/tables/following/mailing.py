"""Which mails people want, and those that are to leave."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from storage.tables.columns import BigId, Row, UTCDateTime, one_of

ADDRESSED = ("instant", "digest", "never")
FOLLOWED = ("daily", "weekly", "never")
MAIL_KINDS = ("instant", "digest")


class MailChoice(Row, table=True):
    """What a person has chosen, and up to where his digests reach."""

    __tablename__ = "mail_choice"
    __table_args__ = (
        CheckConstraint(one_of("addressed", ADDRESSED), name="addressed"),
        CheckConstraint(one_of("followed", FOLLOWED), name="followed"),
    )

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    addressed: str = "instant"
    followed: str = "weekly"
    follows_own: bool = True
    keeps_quiet: bool = True
    digest_event: int = Field(default=0, sa_type=BigId)
    digest_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Mailing(Row, table=True):
    """A mail that is to leave: what it is about, not what it says.

    It is written when it leaves, with the rights of that moment. An instant one is about the
    notices that were ``mailed_at`` its ``made_at``; a digest also about events after
    ``after_event`` up to ``to_event``, not older than ``since``.
    """

    __tablename__ = "mailing"
    __table_args__ = (
        CheckConstraint(one_of("kind", MAIL_KINDS), name="kind"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(None, "next_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: str
    idea_id: UUID | None = Field(default=None, foreign_key="idea.id", index=True)
    after_event: int = Field(default=0, sa_type=BigId)
    to_event: int = Field(default=0, sa_type=BigId)
    since: datetime = Field(sa_type=UTCDateTime)
    made_at: datetime = Field(sa_type=UTCDateTime)
    next_at: datetime = Field(sa_type=UTCDateTime)
    attempts: int = 0

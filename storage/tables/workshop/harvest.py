"""What came out of workshops: their ideas, the points that were written down, the next date."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Row, UTCDateTime, one_of

POINT_KINDS = ("open_point", "volunteer", "task", "decision_hint")
WAYS = ("made", "opened", "added")


class Harvest(Row, table=True):
    """What is said of the harvest as a whole; ``points`` counts what was ever written down.

    Others than those who were there read it since ``published_at``. ``meeting_change`` counts how
    often the next date was said, so that calendars know which is the last word.
    """

    __tablename__ = "harvest"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points"),
        CheckConstraint("length(meeting_place) <= 200", name="place"),
        CheckConstraint("(meets_at IS NULL) = (meets_until IS NULL)", name="meeting"),
        CheckConstraint("meets_until > meets_at", name="meets_until"),
    )

    workshop_id: UUID = Field(foreign_key="workshop.id", primary_key=True)
    points: int = 0
    published_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    handed_over_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    meets_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    meets_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    meeting_place: str = ""
    meeting_change: int = 0
    meeting_changed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class HarvestPoint(Row, table=True):
    """An open point, a volunteer, a task, a hint for whoever decides.

    ``person_id`` is who takes it on; ``recorded_for`` the name of somebody who has no place here.
    ``task_number`` is that of the task at the idea, once it was handed over.
    """

    __tablename__ = "harvest_point"
    __table_args__ = (
        UniqueConstraint("workshop_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(one_of("kind", POINT_KINDS), name="kind"),
        CheckConstraint("length(text) BETWEEN 1 AND 500", name="text"),
        CheckConstraint("length(recorded_for) <= 60", name="recorded_for"),
        CheckConstraint("task_number IS NULL OR idea_id IS NOT NULL", name="task"),
    )

    id: UUID = Field(primary_key=True)
    workshop_id: UUID = Field(foreign_key="workshop.id")
    number: int
    kind: str
    text: str
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    recorded_for: str = ""
    due: date | None = None
    idea_id: UUID | None = Field(default=None, foreign_key="idea.id", index=True)
    task_number: int | None = None
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_by: UUID = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=UTCDateTime)


class WorkshopIdea(Row, table=True):
    """An idea that was made or worked on; which text it had when the harvest was handed over.

    ``table_id`` is of the table that began it, if one did; its authors own it like any other.
    """

    __tablename__ = "workshop_idea"
    __table_args__ = (
        CheckConstraint(one_of("way", WAYS), name="way"),
        CheckConstraint("(kept_epoch IS NULL) = (kept_seq IS NULL)", name="kept"),
    )

    workshop_id: UUID = Field(foreign_key="workshop.id", primary_key=True)
    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True, index=True)
    table_id: UUID | None = Field(default=None, foreign_key="workshop_table.id")
    way: str
    at: datetime = Field(sa_type=UTCDateTime)
    kept_epoch: int | None = None
    kept_seq: int | None = Field(default=None, sa_type=BigId)

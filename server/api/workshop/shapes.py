"""What workshops are as JSON: what is sent to open and to join one, what is read of one."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from collab.process.workshop.agenda import STEPS_MAX, Step
from collab.process.workshop.codes import NAME_CHARS_MAX, TITLE_CHARS_MAX
from collab.process.workshop.standing import Standing
from server.actions.workshop.opening import TABLES_MAX
from server.actions.workshop.seats import NOWHERE
from server.views.workshop.hall import Course, Hall

REMOTE = "Fern"

Name = Annotated[str, Field(max_length=2 * NAME_CHARS_MAX)]


class StepIn(BaseModel):
    """A step of an agenda; words are by language."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=40)
    label: dict[str, str]
    minutes: int
    is_silent: bool = False
    instruction: dict[str, str] = {}
    hint: dict[str, str] = {}


class StepShown(StepIn):
    """A step as it stands in an agenda."""

    @classmethod
    def of(cls, step: Step) -> Self:
        return cls.model_validate(step.to_json())


class OpenWorkshop(BaseModel):
    """A new workshop: by a template, or by an agenda of one's own."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(max_length=2 * TITLE_CHARS_MAX)
    tables: list[Name] = Field(max_length=TABLES_MAX + 1)
    template: str = Field(default="", max_length=80)
    agenda: list[StepIn] = Field(default=[], max_length=STEPS_MAX + 1)
    remote_table: str = Field(default=REMOTE, max_length=2 * NAME_CHARS_MAX)
    """What the table of those elsewhere is called; empty for none."""
    hours: int = 12
    dots_per_person: int = 5


class SeatsShown(BaseModel):
    """A table and who sits at it; its code is for those who lead."""

    number: int
    name: str
    is_remote: bool
    code: str | None
    people: list[str]


class PersonShown(BaseModel):
    """Somebody who is there."""

    id: str
    name: str
    table: int | None
    hand_raised_at: datetime | None


class WorkshopOut(BaseModel):
    """A workshop as the asking person stands to it: agenda and people are for who is in."""

    code: str
    title: str
    standing: Standing
    is_open: bool
    revision: int
    step: int
    steps: int
    step_began_at: datetime
    timer_ends_at: datetime | None
    now: datetime
    is_silent: bool
    is_frozen: bool
    shows_names: bool
    dots_per_person: int
    joining_until: datetime
    ended_at: datetime | None
    expires_at: datetime
    agenda: list[StepShown]
    tables: list[SeatsShown]
    people: list[PersonShown]
    facilitators: list[str]

    @classmethod
    def of(cls, course: Course, hall: Hall) -> Self:
        held, inside = course.workshop, course.is_inside
        return cls(
            **{name: getattr(held, name) for name in SAME},
            standing=course.standing,
            is_open=course.is_open,
            step=course.number,
            steps=len(course.steps),
            now=course.now,
            agenda=[StepShown.of(each) for each in course.steps] if inside else [],
            tables=[
                SeatsShown(
                    number=each.table.number,
                    name=each.table.name,
                    is_remote=each.table.is_remote,
                    code=each.table.code if course.leads else None,
                    people=list(each.names) if inside else [],
                )
                for each in hall.tables
            ],
            people=[
                PersonShown(
                    id=str(each.id),
                    name=each.name,
                    table=each.table.number if each.table else None,
                    hand_raised_at=each.hand_raised_at,
                )
                for each in hall.people
                if inside
            ],
            facilitators=[each.name for each in hall.leading] if inside else [],
        )


SAME = (
    *("code", "title", "revision", "step_began_at", "timer_ends_at", "is_silent", "is_frozen"),
    *("shows_names", "dots_per_person", "joining_until", "ended_at", "expires_at"),
)


class TemplateOut(BaseModel):
    """A kind of evening."""

    id: str
    version: int
    label: dict[str, str]
    minutes: int
    agenda: list[StepShown]


class TemplatesOut(BaseModel):
    """All kinds of evenings, the longest first."""

    templates: list[TemplateOut]


class Mine(BaseModel):
    """A workshop that one leads or attended."""

    code: str
    title: str
    created_at: datetime
    ended_at: datetime | None


class MineOut(BaseModel):
    """The codes and titles of one's own workshops, the newest first."""

    workshops: list[Mine]


class JoinBody(BaseModel):
    """A name or pseudonym; who shows a token comes in as himself and needs none.

    ``key``: 32 hexadecimal digits drawn for this coming in. Sent again with the same name within
    ten minutes it is the same guest.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=2 * NAME_CHARS_MAX)
    table: int = NOWHERE
    key: str = Field(default="", max_length=64)


class JoinedOut(BaseModel):
    """Under which name one is in. ``token``: a guest's bearer token, until the workshop expires."""

    code: str
    name: str
    token: str | None


class HandBody(BaseModel):
    """Whether one's hand is up."""

    model_config = ConfigDict(extra="forbid")

    up: bool


class SeatBody(BaseModel):
    """The number of a table; 0 is none."""

    model_config = ConfigDict(extra="forbid")

    table: int

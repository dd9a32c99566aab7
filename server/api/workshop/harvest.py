"""What came out of a workshop, over the API."""

from datetime import date, datetime, time
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from collab.process.workshop.codes import NAME_CHARS_MAX
from collab.process.workshop.harvest import PLACE_CHARS_MAX, TEXT_CHARS_MAX, PointKind
from collab.sync.text import nodes_to_markdown
from server.actions.workshop.harvest import leading, points
from server.actions.workshop.harvest.handing import hand_over
from server.api.operation import Answer, ApiRequest, operation
from server.views.workshop.harvest.reading import Came, HarvestView, Point, harvest_view
from storage.workshop.harvest import Harvest

TAG = "workshops"
PATH = "/api/v1/workshops/{code}/harvest"
POINTS = PATH + "/points"
POINT = POINTS + "/{number}"
INT_MAX = 2**31 - 1
REF_CHARS_MAX = 20

Number = Annotated[int, Field(ge=1, le=INT_MAX)]


class PointBody(BaseModel):
    """What is to be done or settled; ``who`` is a name, ``idea`` a reference."""

    model_config = ConfigDict(extra="forbid")

    kind: PointKind
    text: str = Field(max_length=2 * TEXT_CHARS_MAX)
    who: str = Field(default="", max_length=2 * NAME_CHARS_MAX)
    due: date | None = None
    idea: str = Field(default="", max_length=REF_CHARS_MAX)

    def said(self) -> dict[str, str]:
        """As the action takes it."""
        due = self.due.isoformat() if self.due else ""
        return {
            "kind": self.kind,
            "text": self.text,
            "who": self.who,
            "due": due,
            "idea": self.idea,
        }


class PointState(BaseModel):
    """Whether a point is done."""

    model_config = ConfigDict(extra="forbid")

    is_done: bool


class MeetingBody(BaseModel):
    """When and where people meet again, by the clock in Berlin; all empty: not agreed."""

    model_config = ConfigDict(extra="forbid")

    day: date | None = None
    begins: time | None = None
    ends: time | None = None
    place: str = Field(default="", max_length=2 * PLACE_CHARS_MAX)


class Publication(BaseModel):
    """Whether everybody reads the harvest, or only those who were there."""

    model_config = ConfigDict(extra="forbid")

    is_public: bool


class IdeaBody(BaseModel):
    """An idea that was worked on, by its reference."""

    model_config = ConfigDict(extra="forbid")

    idea: str = Field(max_length=REF_CHARS_MAX)


class PointOut(BaseModel):
    """A point; ``task`` is the number it has at its idea since it was handed over."""

    number: int
    kind: PointKind
    text: str
    who: str
    due: date | None
    idea: str | None
    task: int | None
    is_done: bool
    created_at: datetime

    @classmethod
    def of(cls, point: Point) -> Self:
        row = point.row
        return cls(
            number=row.number,
            kind=PointKind(row.kind),
            text=row.text,
            who=point.who,
            due=row.due,
            idea=point.idea.ref if point.idea else None,
            task=row.task_number if point.idea else None,
            is_done=point.is_done,
            created_at=row.created_at,
        )


class CameOut(BaseModel):
    """An idea that was made or worked on; ``is_kept``: the version is that of the end."""

    idea: str
    title: str
    way: Literal["made", "opened", "added"]
    stage: str
    authors: list[str]
    version: str
    is_kept: bool

    @classmethod
    def of(cls, came: Came) -> Self:
        return cls(
            idea=came.idea.ref,
            title=came.idea.title,
            way=came.way,  # type: ignore[arg-type]
            stage=came.idea.stage,
            authors=[each.name for each in came.authors],
            version=came.version,
            is_kept=came.is_kept,
        )


class MeetingOut(BaseModel):
    """When and where people meet again."""

    starts_at: datetime
    ends_at: datetime
    place: str
    change: int = Field(description="How often it was said.")

    @classmethod
    def of(cls, said: Harvest | None) -> Self | None:
        if said is None or said.meets_at is None or said.meets_until is None:
            return None
        return cls(
            starts_at=said.meets_at,
            ends_at=said.meets_until,
            place=said.meeting_place,
            change=said.meeting_change,
        )


class HarvestOut(BaseModel):
    """Everything that came out of an evening."""

    code: str
    title: str
    is_public: bool
    ideas: list[CameOut]
    hidden_ideas: int = Field(description="Ideas of the evening that are not for the asking one.")
    points: list[PointOut]
    meeting: MeetingOut | None
    minutes: str | None = Field(description="Markdown; null if they cannot be read.")

    @classmethod
    def of(cls, view: HarvestView) -> Self:
        minutes = view.minutes
        return cls(
            code=view.workshop.code,
            title=view.workshop.title,
            is_public=view.is_public,
            ideas=[CameOut.of(each) for each in view.ideas],
            hidden_ideas=view.hidden,
            points=[PointOut.of(each) for each in view.points],
            meeting=MeetingOut.of(view.said),
            minutes=None if minutes.is_unreadable else nodes_to_markdown(minutes.nodes),
        )


class HandedOverOut(BaseModel):
    """How many tasks the ideas have now; which ideas took none, with the reason's code."""

    tasks: int
    left: dict[str, str]


@operation("GET", PATH, tag=TAG, refusals=(403, 404))
async def read_harvest(request: ApiRequest, code: str) -> HarvestOut:
    """What came out of a workshop, for those who were there, or for everybody once published."""
    return await _shown(request, code)


@operation("POST", POINTS, tag=TAG, status=201, refusals=(404, 409, 422))
async def add_harvest_point(
    request: ApiRequest, code: str, body: PointBody
) -> Annotated[Answer, PointOut]:
    """Write a point down."""
    row = await points.add_point(request.services, request.person, code, **body.said())
    place = POINT.format(code=code, number=row.number)
    return Answer(await _one(request, code, row.number), headers={"Location": place})


@operation("PUT", POINT, tag=TAG, refusals=(404, 409, 422))
async def change_harvest_point(
    request: ApiRequest, code: str, number: Number, body: PointBody
) -> PointOut:
    """Say anew what a point is."""
    await points.change_point(request.services, request.person, code, number, **body.said())
    return await _one(request, code, number)


@operation("PUT", POINT + "/state", tag=TAG, refusals=(404, 409, 422))
async def settle_harvest_point(
    request: ApiRequest, code: str, number: Number, body: PointState
) -> PointOut:
    """Say that a point is done, or open again."""
    services, person = request.services, request.person
    await points.settle_point(services, person, code, number, is_done=body.is_done)
    return await _one(request, code, number)


@operation("DELETE", POINT, tag=TAG, status=204, refusals=(404, 409))
async def take_out_harvest_point(request: ApiRequest, code: str, number: Number) -> None:
    """Take a point out of the harvest."""
    await points.take_out_point(request.services, request.person, code, number)


@operation("PUT", PATH + "/meeting", tag=TAG, refusals=(404, 422))
async def set_harvest_meeting(request: ApiRequest, code: str, body: MeetingBody) -> HarvestOut:
    """Say when and where people meet again; an empty body takes the date back."""
    fields = {name: str(value or "") for name, value in body.model_dump(mode="json").items()}
    await leading.set_meeting(request.services, request.person, code, **fields)
    return await _shown(request, code)


@operation("PUT", PATH + "/publication", tag=TAG, refusals=(404, 422))
async def publish_harvest(request: ApiRequest, code: str, body: Publication) -> HarvestOut:
    """Let everybody read the harvest, or only those who were there."""
    await leading.publish(request.services, request.person, code, is_public=body.is_public)
    return await _shown(request, code)


@operation("POST", PATH + "/ideas", tag=TAG, refusals=(404, 409, 422))
async def add_harvest_idea(request: ApiRequest, code: str, body: IdeaBody) -> HarvestOut:
    """Note that an idea was worked on at the workshop."""
    await leading.add_idea(request.services, request.person, code, body.idea)
    return await _shown(request, code)


@operation("POST", PATH + "/handover", tag=TAG, refusals=(404,))
async def hand_harvest_over(request: ApiRequest, code: str) -> HandedOverOut:
    """Make the tasks tasks of their ideas, and keep the text each idea has; again is fine."""
    handed = await hand_over(request.services, request.person, code)
    return HandedOverOut(tasks=handed.tasks, left=dict(handed.left))


async def _shown(request: ApiRequest, code: str) -> HarvestOut:
    return HarvestOut.of(await harvest_view(request.services, request.actor, code))


async def _one(request: ApiRequest, code: str, number: int) -> PointOut:
    view = await harvest_view(request.services, request.actor, code)
    return next(PointOut.of(each) for each in view.points if each.row.number == number)


operations = [
    read_harvest,
    add_harvest_point,
    change_harvest_point,
    settle_harvest_point,
    take_out_harvest_point,
    set_harvest_meeting,
    publish_harvest,
    add_harvest_idea,
    hand_harvest_over,
]

"""Leading a workshop over the API; for those who lead it."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.workshop.codes import NAME_CHARS_MAX
from server.actions.workshop import crew, doors, leading, seats
from server.actions.workshop.joining import send_out
from server.api.operation import ApiRequest, operation
from server.api.workshop.shapes import SeatBody

TAG = "workshops"
WORKSHOP = "/api/v1/workshops/{code}"
PERSON = WORKSHOP + "/people/{person_id}"
ACTS = (401, 403, 404, 409, 422)


class StepBody(BaseModel):
    """A step, counted from 1. ``revision``: the state that the caller saw; another one is 409."""

    model_config = ConfigDict(extra="forbid")

    step: int
    starts_timer: bool = False
    revision: int | None = None


class TimerBody(BaseModel):
    """Start the clock for so many minutes, give so many more, or take it away."""

    model_config = ConfigDict(extra="forbid")

    deed: Literal["start", "extend", "stop"]
    minutes: int = 0
    revision: int | None = None


class Switch(BaseModel):
    """On or off."""

    model_config = ConfigDict(extra="forbid")

    on: bool


class DoorBody(BaseModel):
    """Close the workshop to newcomers, open it, prolong its codes, end it, go on with it."""

    model_config = ConfigDict(extra="forbid")

    deed: Literal["close", "open", "prolong", "end", "resume"]
    hours: int = 0
    """From now on; only to prolong."""


class TableBody(BaseModel):
    """What a table is called."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=2 * NAME_CHARS_MAX)
    is_remote: bool = False


class TableAdded(BaseModel):
    """A new table with its own code."""

    number: int
    name: str
    code: str


class TableName(BaseModel):
    """What a table is called from now on."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=2 * NAME_CHARS_MAX)


class FacilitatorBody(BaseModel):
    """Who shall lead as well."""

    model_config = ConfigDict(extra="forbid")

    handle: str = Field(max_length=80)


class Led(BaseModel):
    """The state after an act."""

    revision: int
    step: int


@operation("POST", WORKSHOP + "/step", tag=TAG, refusals=ACTS)
async def go_to_step(request: ApiRequest, code: str, body: StepBody) -> Led:
    """Take everybody to a step."""
    after = await leading.go_to_step(
        request.services,
        request.person,
        code,
        body.step - 1,
        starts_timer=body.starts_timer,
        revision=body.revision,
    )
    return Led(revision=after.revision, step=after.step + 1)


@operation("POST", WORKSHOP + "/timer", tag=TAG, refusals=ACTS)
async def set_timer(request: ApiRequest, code: str, body: TimerBody) -> Led:
    """Set the clock that everybody sees."""
    services, person = request.services, request.person
    match body.deed:
        case "start":
            after = await leading.start_timer(
                services, person, code, body.minutes, revision=body.revision
            )
        case "extend":
            after = await leading.extend_timer(services, person, code, body.minutes)
        case "stop":
            after = await leading.stop_timer(services, person, code)
    return Led(revision=after.revision, step=after.step + 1)


@operation("PUT", WORKSHOP + "/frozen", tag=TAG, refusals=ACTS)
async def freeze_workshop(request: ApiRequest, code: str, body: Switch) -> Led:
    """Let all hands rest, or write again."""
    after = await leading.freeze(request.services, request.person, code, on=body.on)
    return Led(revision=after.revision, step=after.step + 1)


@operation("PUT", WORKSHOP + "/names", tag=TAG, refusals=ACTS)
async def show_names_on_wall(request: ApiRequest, code: str, body: Switch) -> Led:
    """Let the wall name people, or not."""
    after = await leading.show_names(request.services, request.person, code, on=body.on)
    return Led(revision=after.revision, step=after.step + 1)


@operation("POST", WORKSHOP + "/door", tag=TAG, status=204, refusals=ACTS)
async def change_door(request: ApiRequest, code: str, body: DoorBody) -> None:
    """Say who may still come in, and whether the evening is over."""
    services, person = request.services, request.person
    match body.deed:
        case "close":
            await doors.close_joining(services, person, code)
        case "open":
            await doors.open_joining(services, person, code)
        case "prolong":
            await doors.prolong_codes(services, person, code, body.hours)
        case "end":
            await doors.end_workshop(services, person, code)
        case "resume":
            await doors.resume_workshop(services, person, code)


@operation("POST", WORKSHOP + "/tables", tag=TAG, status=201, refusals=ACTS)
async def add_table(request: ApiRequest, code: str, body: TableBody) -> TableAdded:
    """Add a table."""
    table = await seats.open_table(
        request.services, request.person, code, body.name, is_remote=body.is_remote
    )
    return TableAdded(number=table.number, name=table.name, code=table.code)


@operation("PUT", WORKSHOP + "/tables/{number}", tag=TAG, status=204, refusals=ACTS)
async def rename_table(request: ApiRequest, code: str, number: int, body: TableName) -> None:
    """Call a table something else."""
    await seats.rename_table(request.services, request.person, code, number, body.name)


@operation("PUT", PERSON + "/seat", tag=TAG, status=204, refusals=ACTS)
async def move_person(request: ApiRequest, code: str, person_id: UUID, body: SeatBody) -> None:
    """Let somebody sit at another table."""
    await seats.move_person(request.services, request.person, code, person_id, body.table)


@operation("DELETE", PERSON + "/hand", tag=TAG, status=204, refusals=ACTS)
async def lower_hand(request: ApiRequest, code: str, person_id: UUID) -> None:
    """Take down the hand of somebody who has had his turn."""
    await seats.lower_hand(request.services, request.person, code, person_id)


@operation("DELETE", PERSON, tag=TAG, status=204, refusals=ACTS)
async def send_person_out(request: ApiRequest, code: str, person_id: UUID) -> None:
    """Send somebody out: his sockets and a guest's sign-ins end at once."""
    await send_out(request.services, request.person, code, person_id)


@operation("POST", WORKSHOP + "/facilitators", tag=TAG, status=204, refusals=ACTS)
async def add_facilitator(request: ApiRequest, code: str, body: FacilitatorBody) -> None:
    """Let somebody with an account lead as well."""
    await crew.add_facilitator(request.services, request.person, code, body.handle)


@operation("DELETE", WORKSHOP + "/facilitators/{handle}", tag=TAG, status=204, refusals=ACTS)
async def remove_facilitator(request: ApiRequest, code: str, handle: str) -> None:
    """Let somebody lead no more; the last one stays."""
    await crew.remove_facilitator(request.services, request.person, code, handle)


operations = [
    go_to_step,
    set_timer,
    freeze_workshop,
    show_names_on_wall,
    change_door,
    add_table,
    rename_table,
    move_person,
    lower_hand,
    send_person_out,
    add_facilitator,
    remove_facilitator,
]

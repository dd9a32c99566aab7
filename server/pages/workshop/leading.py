"""The forms of an evening's page: one's own hand and seat, and what only those do who lead."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound
from collab.process.actors import Actor
from server.actions.workshop import crew, doors, leading, seats
from server.actions.workshop.joining import send_out
from server.pages.forms import Sent, go, id_in, number_in, person_of, sent
from server.services import Services, services_of

PATH: Final = "/w/{code}"
DIGITS_MAX: Final = 6

Act = Callable[[Services, Actor, str, Sent], Awaitable[object]]
"""One form: what is done at the workshop of a code by whoever has sent it."""


async def hand(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Raise one's hand, or take it down."""
    await seats.raise_hand(services, actor, code, up=form["up"] == "yes")


async def seat(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Sit down at a table."""
    await seats.sit_down(services, actor, code, _number(form, "table"))


async def step(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Take everybody to a step."""
    await leading.go_to_step(
        services,
        actor,
        code,
        _number(form, "step") - 1,
        starts_timer=form["timer"] == "yes",
        revision=_seen(form),
    )


async def timer(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Start the clock, give more time, or take it away."""
    match form["deed"]:
        case "start":
            minutes = _number(form, "minutes")
            await leading.start_timer(services, actor, code, minutes, revision=_seen(form))
        case "stop":
            await leading.stop_timer(services, actor, code)
        case more:
            added = number_in(more.removeprefix("more-"), 2)
            if added is None:
                raise NotFound
            await leading.extend_timer(services, actor, code, added)


async def hands(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Let all hands rest or write again, or take down one that was up."""
    match form["deed"]:
        case "rest" | "write" as deed:
            await leading.freeze(services, actor, code, on=deed == "rest")
        case _:
            await seats.lower_hand(services, actor, code, _person(form["lower"]))


async def wall(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Let the wall name people, or not."""
    await leading.show_names(services, actor, code, on=form["names"] == "yes")


async def door(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Close the evening to newcomers, open it, let its codes last longer, end it, go on."""
    match form["deed"]:
        case "close":
            await doors.close_joining(services, actor, code)
        case "open":
            await doors.open_joining(services, actor, code)
        case "prolong":
            await doors.prolong_codes(services, actor, code, _number(form, "hours"))
        case "end":
            await doors.end_workshop(services, actor, code)
        case "resume":
            await doors.resume_workshop(services, actor, code)
        case _:
            raise NotFound


async def table(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Add a table, or call one something else."""
    if form["number"]:
        number = _number(form, "number")
        await seats.rename_table(services, actor, code, number, form["name"])
        return
    is_remote = form["remote"] == "yes"
    await seats.open_table(services, actor, code, form["name"], is_remote=is_remote)


async def people(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Seat somebody at a table, or send him out."""
    person_id = _person(form["person"])
    if form["deed"] == "out":
        await send_out(services, actor, code, person_id)
        return
    await seats.move_person(services, actor, code, person_id, _number(form, "table"))


async def facilitators(services: Services, actor: Actor, code: str, form: Sent) -> None:
    """Let somebody lead as well, or no more."""
    if form["remove"]:
        await crew.remove_facilitator(services, actor, code, form["remove"])
        return
    await crew.add_facilitator(services, actor, code, form["handle"])


def _posted(act: Act) -> Callable[[Request], Awaitable[Response]]:
    """The form of an act; it leads back to the page of the evening."""

    async def post(request: Request) -> Response:
        form, code = await sent(request), request.path_params["code"]
        await act(services_of(request), person_of(request), code, form)
        return go(PATH.format(code=code))

    return post


def _number(form: Sent, name: str) -> int:
    found = number_in(form[name].strip(), DIGITS_MAX)
    if found is None:
        raise Invalid(fields={name: "out-of-range"})
    return found


def _seen(form: Sent) -> int | None:
    """The state that the page showed; whoever does not say so is not held to it."""
    return number_in(form["revision"])


def _person(text: str) -> UUID:
    return id_in(text, NotFound())


ACTS: Final = {
    "hand": hand,
    "seat": seat,
    "step": step,
    "timer": timer,
    "hands": hands,
    "wall": wall,
    "door": door,
    "table": table,
    "people": people,
    "facilitators": facilitators,
}

routes = [Route(f"{PATH}/{name}", _posted(act), methods=["POST"]) for name, act in ACTS.items()]

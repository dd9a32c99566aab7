"""The page of an evening for who is in, the parts of it that are fetched anew, and its codes."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from collab.process.workshop.codes import spelled
from collab.process.workshop.standing import Standing
from server.actions.workshop.opening import HOURS_MAX
from server.actions.workshop.places import Place, look_up, see_as_facilitator
from server.auth.device import keep_on_device
from server.auth.visitor import visitor_of
from server.pages.forms import caller_of, person_of
from server.services import services_of
from server.views.workshop.hall import course_of, read_hall
from server.views.workshop.qr import picture_of
from storage import events
from storage.database import Transaction
from storage.workshop import silent, workshops

PATH: Final = "/w/{code}"
PARTS: Final[Mapping[str, str]] = {
    "step": "workshop/step.html",
    "room": "workshop/room.html",
    "lead": "workshop/lead.html",
}
WITHOUT_PEOPLE: Final = frozenset({"step"})


async def show_hall(request: Request, place: Place) -> Response:
    """The whole page."""
    services = services_of(request)
    async with services.database.read() as tx:
        last = await events.last_id(tx)
        context = await _context(request, tx, place)
    shown = {**context, "last_event": last}
    return keep_on_device(services.pages.render(request, "workshop/hall.html", shown))


async def fragment(request: Request) -> Response:
    """One part of the page as it is now; whoever is in no longer reads that instead."""
    services, name = services_of(request), request.path_params["name"]
    if name not in PARTS:
        raise NotFound
    actor, address = visitor_of(request).actor, caller_of(request).address
    place = await look_up(services, actor, request.path_params["code"], address)
    if not place.standing.is_inside:
        context: dict[str, Any] = {"course": course_of(place, services.clock())}
        return services.pages.render(request, "workshop/out.html", context)
    async with services.database.read() as tx:
        if name == "lead":
            place = await see_as_facilitator(tx, person_of(request), place.workshop.code)
        context = await _context(request, tx, place, has_people=name not in WITHOUT_PEOPLE)
    return services.pages.render(request, PARTS[name], context)


async def codes_page(request: Request) -> Response:
    """All codes to print and to lay on the tables."""
    services = services_of(request)
    async with services.database.read() as tx:
        place = await see_as_facilitator(tx, person_of(request), request.path_params["code"])
        tables = await workshops.tables(tx, place.workshop.id)
    address = f"{services.settings.address}/w"
    cards = [("", place.workshop.code), *((each.name, each.code) for each in tables)]
    context = {
        "course": course_of(place, services.clock()),
        "cards": [
            {
                "name": name,
                "code": spelled(code),
                "address": f"{address}/{code}",
                "picture": picture_of(f"{address}/{code}"),
            }
            for name, code in cards
        ],
    }
    return services.pages.render(request, "workshop/codes.html", context)


async def _context(
    request: Request, tx: Transaction, place: Place, *, has_people: bool = True
) -> dict[str, Any]:
    services = services_of(request)
    context: dict[str, Any] = {
        "course": course_of(place, services.clock()),
        "spelled": spelled(place.workshop.code),
        "address": f"{services.settings.address}/w/{place.workshop.code}",
        "hours_max": HOURS_MAX,
    }
    if place.standing is Standing.FACILITATOR:
        is_silent = place.workshop.is_silent
        context["hidden"] = await silent.count(tx, place.workshop.id) if is_silent else 0
    if has_people:
        actor = visitor_of(request).actor
        context["hall"] = await read_hall(tx, actor, place.workshop)
    return context


routes = [
    Route(f"{PATH}/fragments/{{name}}", fragment),
    Route(f"{PATH}/codes", codes_page),
]

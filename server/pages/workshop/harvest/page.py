"""The page of the harvest, and what people write down on it."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from collab.process.calendar.berlin import BERLIN
from collab.process.workshop.codes import NAME_CHARS_MAX
from collab.process.workshop.harvest import TEXT_CHARS_MAX, PointKind
from server.actions.workshop.harvest import points as actions
from server.auth.visitor import visitor_of
from server.errors import status_of
from server.pages.forms import Sent, errors_of, go, number_in, person_of, posted, sent
from server.pages.idea.page import Values
from server.services import services_of
from server.views.workshop.harvest.papers import headings
from server.views.workshop.harvest.reading import HarvestView, Point, harvest_view

PATH: Final = "/w/{code}/harvest"
POINTS: Final = PATH + "/points"
POINT: Final = POINTS + "/{number}"
FIELDS: Final = ("kind", "text", "who", "due", "idea")
NAMES: Final = {name: f"point_{name}" for name in FIELDS}
DIGITS_MAX: Final = 9


async def harvest_page(request: Request) -> Response:
    """Everything that came out of the evening."""
    return await shown(request)


async def found_fragment(request: Request) -> Response:
    """Ideas and points, when they have changed."""
    return await shown(request, template="workshop/harvest/found.html")


async def post_point(request: Request, form: Sent) -> Response:
    """Write a point down."""
    code = code_of(request)
    services, actor = services_of(request), person_of(request)
    row = await actions.add_point(services, actor, code, **_said(form))
    return go(f"{place_of(request)}#point-{row.number}")


async def point_page(request: Request) -> Response:
    """One point, for who may change it."""
    return await _point(request)


async def post_change(request: Request, form: Sent) -> Response:
    """Say anew what a point is."""
    code = code_of(request)
    services, actor, number = services_of(request), person_of(request), number_of(request)
    await actions.change_point(services, actor, code, number, **_said(form))
    return go(f"{place_of(request)}#point-{number}")


async def post_state(request: Request) -> Response:
    """A point is done, or open again, or taken out."""
    form, code = await sent(request), code_of(request)
    services, actor, number = services_of(request), person_of(request), number_of(request)
    if form["state"] == "gone":
        await actions.take_out_point(services, actor, code, number)
        return go(f"{place_of(request)}#points")
    is_done = form["state"] == "done"
    await actions.settle_point(services, actor, code, number, is_done=is_done)
    return go(f"{place_of(request)}#point-{number}")


async def shown(
    request: Request,
    form: Sent | None = None,
    refusal: Refusal | None = None,
    *,
    template: str = "workshop/harvest/page.html",
    names: Mapping[str, str] | None = None,
) -> Response:
    """The page; with a refusal the refused form is filled and says what is wrong."""
    services, visitor = services_of(request), visitor_of(request)
    view = await harvest_view(services, visitor.actor, code_of(request))
    context = _context(request, view) | _form(request, refusal, form, names or {})
    return services.pages.render(request, template, context)


async def _point(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, actor = services_of(request), person_of(request)
    view = await harvest_view(services, actor, code_of(request))
    number = number_of(request)
    found = next((each for each in view.points if each.row.number == number), None)
    if found is None:
        raise NotFound("point-unknown")
    if not found.may_change:
        return go(f"{place_of(request)}#point-{number}")
    context = _context(request, view) | _form(request, refusal, form, NAMES)
    if form is None:
        context["values"] = _stored(found)
    status = status_of(refusal) if refusal else 200
    shown = {**context, "point": found}
    return services.pages.render(request, "workshop/harvest/point.html", shown, status)


def _context(request: Request, view: HarvestView) -> dict[str, Any]:
    services, visitor = services_of(request), visitor_of(request)
    catalogue = services.pages.catalogues[visitor.language]
    asked = request.query_params
    return {
        "view": view,
        "workshop": view.workshop,
        "headings": headings(catalogue),
        "kinds": kinds(request),
        "handed": number_in(asked.get("handed", ""), DIGITS_MAX),
        "left": number_in(asked.get("left", ""), DIGITS_MAX),
        "meeting": _meeting(view),
        "limits": {"text": TEXT_CHARS_MAX, "who": NAME_CHARS_MAX},
        "last_event": view.last_event,
    }


def _meeting(view: HarvestView) -> Values:
    """The next date as its form has it, by the clock in Berlin."""
    said = view.said
    if said is None or said.meets_at is None or said.meets_until is None:
        return Values()
    begins, ends = (at.astimezone(BERLIN) for at in (said.meets_at, said.meets_until))
    day, clock = begins.date().isoformat(), "%H:%M"
    times = {"begins": begins.strftime(clock), "ends": ends.strftime(clock)}
    return Values({"day": day, "place": said.meeting_place, **times})


def kinds(request: Request) -> list[tuple[str, str]]:
    """The kinds of points as a form offers them."""
    _ = services_of(request).pages.catalogues[visitor_of(request).language].gettext
    return [
        (PointKind.TASK, _("Eine Aufgabe")),
        (PointKind.VOLUNTEER, _("Jemand macht mit")),
        (PointKind.OPEN, _("Offener Punkt")),
        (PointKind.HINT, _("Hinweis für eine Entscheidung")),
    ]


def _form(
    request: Request, refusal: Refusal | None, form: Sent | None, names: Mapping[str, str]
) -> dict[str, Any]:
    """What was typed, and what is wrong with it."""
    typed = (*NAMES.values(), "idea", "day", "begins", "ends", "place")
    values = Values({name: form[name] for name in typed} if form else {})
    errors = errors_of(request, refusal, names)
    return {"values": values, "errors": Values(errors)}


def _stored(point: Point) -> Values:
    row = point.row
    said = (row.kind, row.text, point.who, row.due.isoformat() if row.due else "")
    ref = point.idea.ref if point.idea else ""
    return Values(dict(zip(NAMES.values(), (*said, ref), strict=True)))


def _said(form: Sent) -> dict[str, str]:
    return {name: form[field] for name, field in NAMES.items()}


def code_of(request: Request) -> str:
    """The code in the address."""
    return str(request.path_params["code"])


def number_of(request: Request) -> int:
    """The number of a point in the address."""
    number = number_in(str(request.path_params["number"]), DIGITS_MAX)
    if number is None:
        raise NotFound("point-unknown")
    return number


def place_of(request: Request) -> str:
    """The address of the harvest."""
    return PATH.format(code=code_of(request))


async def back(request: Request) -> Response:
    """A reload after a refused form: to the page that the form is on."""
    return go(place_of(request))


routes = [
    Route(PATH, harvest_page, methods=["GET"]),
    Route(PATH + "/fragments/found", found_fragment, methods=["GET"]),
    Route(POINTS, back, methods=["GET"]),
    posted(POINTS, post_point, partial(shown, names=NAMES)),
    Route(POINT, point_page, methods=["GET"]),
    posted(POINT, post_change, _point),
    Route(POINT + "/state", post_state, methods=["POST"]),
]

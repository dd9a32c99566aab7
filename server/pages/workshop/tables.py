"""The tables of a workshop: what each works on, and acting for one's own."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collab.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from collab.process.events.gathering.workshops import AGENDA, PEOPLE, TABLES, TEXTS, workshop_topic
from collab.process.workshop.agenda import steps_from_json
from collab.process.workshop.standing import Standing
from server.actions.workshop import tables as actions
from server.actions.workshop.places import Place, enter_workshop
from server.auth.visitor import visitor_of
from server.errors import status_of
from server.pages.forms import Sent, errors_of, go, number_in, person_of, sent
from server.pages.idea.page import Values
from server.pages.workshop.latest import latest_of, unchanged_or
from server.services import services_of
from server.views.workshop.bar import bar_of
from server.views.workshop.desk import desk_of
from server.views.workshop.tables import room_of, stamp_of, table_views
from storage import events, ideas
from storage.database import Transaction

PATH: Final = "/w/{code}/tables"
LIVE: Final = f"{PATH}/live"
BAR: Final = "/w/{code}/bar/{ref}"
ACT: Final = f"{PATH}/{{number}}"


async def tables_page(request: Request) -> Response:
    """All tables, and what one may do at one's own; who is not in is led to the door."""
    try:
        return await _page(request)
    except NotAllowed:
        return _door(request)


async def live(request: Request) -> Response:
    """The tables as they are now."""
    services, language = services_of(request), visitor_of(request).language
    async with services.database.read() as tx:
        place = await _enter(request, tx)
        room = await room_of(tx, place.workshop)
        stamp = await stamp_of(services, tx, room)
    leads = place.standing is Standing.FACILITATOR

    async def render() -> str:
        tables = await table_views(services, room)
        context = {"workshop": place.workshop, "tables": tables, "leads": leads}
        return services.pages.text(request, "workshop/tables_live.html", context)

    key = ("tables", place.workshop.code, language, str(leads))
    return unchanged_or(
        request,
        f"{stamp}-{language}-{leads}",
        await latest_of(services.database).text(key, stamp, render),
    )


async def bar(request: Request) -> Response:
    """The bar above an idea as it is now; nothing where there is none any more."""
    services, actor = services_of(request), visitor_of(request).actor
    code = request.path_params["code"]
    async with services.database.read() as tx:
        await _enter(request, tx)
        idea = await ideas.by_ref(tx, request.path_params["ref"])
        found = await bar_of(services, tx, actor, idea, {"w": code}) if idea else None
    return services.pages.render(request, "workshop/bar_live.html", {"bar": found})


async def post_open(request: Request) -> Response:
    """Put an idea on the table, by its choice or by its reference."""
    form, number = await sent(request), _number(request)
    ref = form["ref"].strip() or form["chosen"]
    try:
        if not ref:
            raise Invalid(fields={"ref": "missing"})
        await actions.open_idea(
            services_of(request), person_of(request), _code(request), number, ref=ref,
            seen=form["seen"],
        )  # fmt: skip
    except NotFound as refusal:
        if refusal.code != NotFound.code:
            raise
        return await _refused(request, Invalid(fields={"ref": "unknown-idea"}), form, number)
    except (Conflict, Invalid, NotAllowed) as refusal:
        return await _refused(request, refusal, form, number)
    return go(f"/ideas/{ref}?w={_code(request)}")


async def post_begin(request: Request) -> Response:
    """Begin an idea at the table and write on in it."""
    form, number = await sent(request), _number(request)
    try:
        idea = await actions.begin_idea(
            services_of(request),
            person_of(request),
            _code(request),
            number,
            kind=form["kind"],
            title=form["title"],
            seen=form["seen"],
        )
    except (Conflict, Invalid, NotAllowed) as refusal:
        return await _refused(request, refusal, form, number)
    return go(f"/ideas/{idea.ref}?w={_code(request)}")


async def post_away(request: Request) -> Response:
    """Take the idea off the table."""
    form, number = await sent(request), _number(request)
    services, person = services_of(request), person_of(request)
    try:
        await actions.put_away(services, person, _code(request), number, seen=form["seen"])
    except (Conflict, NotAllowed) as refusal:
        return await _refused(request, refusal, form, number)
    return go(f"{PATH.format(code=_code(request))}?table={number}")


async def _page(
    request: Request,
    refusal: Refusal | None = None,
    form: Sent | None = None,
    number: int | None = None,
) -> Response:
    services, person = services_of(request), visitor_of(request).actor
    asked = number or number_in(request.query_params.get("table", ""))
    async with services.database.read() as tx:
        place = await _enter(request, tx)
        room = await room_of(tx, place.workshop)
        desk = await desk_of(tx, person, place, room, asked)
        last = await events.last_id(tx)
    workshop = place.workshop
    steps = steps_from_json(workshop.agenda)
    parts = (TABLES, TEXTS, PEOPLE, AGENDA)
    errors = Values(errors_of(request, refusal) if refusal else {})
    context = {
        "workshop": workshop,
        "step": steps[min(workshop.step, len(steps) - 1)],
        "steps": len(steps),
        "tables": await table_views(services, room),
        "desk": desk,
        "leads": place.standing is Standing.FACILITATOR,
        "errors": errors,
        "values": {name: form[name] if form else "" for name in ("ref", "title", "kind")},
        "topics": " ".join(workshop_topic(workshop.code, part) for part in parts),
        "fragment": LIVE.format(code=workshop.code),
        "last_event": last,
    }
    status = status_of(refusal) if refusal else 200
    return services.pages.render(request, "workshop/tables.html", context, status)


async def _refused(request: Request, refusal: Refusal, form: Sent, number: int) -> Response:
    """The page with what is wrong; who is not even in is told so plainly."""
    if isinstance(refusal, NotAllowed) and refusal.code in {"join-first", "removed-from-workshop"}:
        raise refusal
    return await _page(request, refusal, form, number)


async def _enter(request: Request, tx: Transaction) -> Place:
    """The workshop, for whoever is in it; codes of tables and odd spellings lead there too."""
    return await enter_workshop(tx, visitor_of(request).actor, request.path_params["code"])


def _door(request: Request) -> RedirectResponse:
    return go(f"/w/{request.path_params['code']}")


def _code(request: Request) -> str:
    return str(request.path_params["code"])


def _number(request: Request) -> int:
    number = number_in(request.path_params["number"])
    if number is None:
        raise NotFound("no-such-table")
    return number


routes = [
    Route(PATH, tables_page),
    Route(LIVE, live),
    Route(BAR, bar),
    Route(f"{ACT}/open", post_open, methods=["POST"]),
    Route(f"{ACT}/begin", post_begin, methods=["POST"]),
    Route(f"{ACT}/away", post_away, methods=["POST"]),
]

"""The tables of a workshop: what each works on, and acting for one's own."""

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from collab.errors import Invalid, NotAllowed, NotFound, Refusal
from collab.process.events.gathering.workshops import AGENDA, PEOPLE, TABLES, TEXTS, workshop_topic
from collab.process.workshop.agenda import steps_from_json
from collab.process.workshop.standing import Standing
from server.actions.workshop import tables as actions
from server.actions.workshop.places import Place, enter_workshop
from server.auth.visitor import visitor_of
from server.pages.forms import (
    Sent,
    errors_of,
    go,
    is_out_of_sight,
    number_in,
    person_of,
    posted,
)
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


async def post_open(request: Request, form: Sent) -> Response:
    """Put an idea on the table, by its choice or by its reference."""
    number, ref = _number(request), form["ref"].strip() or form["chosen"]
    if not ref:
        raise Invalid(fields={"ref": "missing"})
    try:
        await actions.open_idea(
            services_of(request), person_of(request), _code(request), number, ref=ref,
            seen=form["seen"],
        )  # fmt: skip
    except NotFound as refusal:
        if refusal.code != NotFound.code:
            raise
        raise Invalid(fields={"ref": "unknown-idea"}) from None
    return go(f"/ideas/{ref}?w={_code(request)}")


async def post_begin(request: Request, form: Sent) -> Response:
    """Begin an idea at the table and write on in it."""
    number = _number(request)
    idea = await actions.begin_idea(
        services_of(request),
        person_of(request),
        _code(request),
        number,
        kind=form["kind"],
        title=form["title"],
        seen=form["seen"],
    )
    return go(f"/ideas/{idea.ref}?w={_code(request)}")


async def post_away(request: Request, form: Sent) -> Response:
    """Take the idea off the table."""
    number = _number(request)
    services, person = services_of(request), person_of(request)
    await actions.put_away(services, person, _code(request), number, seen=form["seen"])
    return go(f"{PATH.format(code=_code(request))}?table={number}")


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), visitor_of(request).actor
    asked = number_in(request.path_params.get("number") or request.query_params.get("table", ""))
    async with services.database.read() as tx:
        place = await _enter(request, tx)
        room = await room_of(tx, place.workshop)
        desk = await desk_of(tx, person, place, room, asked)
        last = await events.last_id(tx)
    workshop = place.workshop
    steps = steps_from_json(workshop.agenda)
    parts = (TABLES, TEXTS, PEOPLE, AGENDA)
    errors = Values(errors_of(request, refusal))
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
    return services.pages.render(request, "workshop/tables.html", context)


def _is_outside(refusal: Refusal) -> bool:
    """Whether who asks is not even in the workshop."""
    return is_out_of_sight(refusal) or refusal.code in {"join-first", "removed-from-workshop"}


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
    posted(f"{ACT}/open", post_open, _page, plain=_is_outside),
    posted(f"{ACT}/begin", post_begin, _page, plain=_is_outside),
    posted(f"{ACT}/away", post_away, _page, plain=_is_outside),
]

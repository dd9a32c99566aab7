"""Coming in: the page for a code, and the form for a name that stands behind every code."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.actors import Actor
from collab.process.workshop.standing import Standing
from server.actions.workshop.joining import join_as_guest, join_with_account
from server.actions.workshop.places import Place, look_up
from server.auth.cookie import set_session_cookie
from server.auth.visitor import visitor_of
from server.errors import status_of
from server.messages import message
from server.pages.forms import Sent, caller_of, errors_of, go, number_in, posted
from server.pages.idea.page import Values
from server.pages.workshop.hall import show_hall
from server.services import services_of
from server.views.workshop.hall import course_of
from storage.workshop import attendances, workshops

CODE: Final = "/w"
PATH: Final = "/w/{code}"


@dataclass(frozen=True, slots=True)
class Coming:
    """Who stands at the door: ``actor`` has an account, or is a guest of this very workshop."""

    place: Place
    actor: Actor | None
    is_back: bool


async def code_page(request: Request) -> Response:
    """Ask for the code; a code in the address leads on, as the form sends it."""
    typed = request.query_params.get("code", "")
    if not typed:
        return _code(request, "")
    try:
        found = await look_up(
            services_of(request), visitor_of(request).actor, typed, caller_of(request).address
        )
    except (NotFound, Invalid) as refusal:
        return _code(request, typed, refusal)
    return go(f"{CODE}/{_code_of(found)}")


async def page(request: Request) -> Response:
    """The evening for who is in; for everybody else the way in."""
    typed = request.path_params["code"]
    try:
        coming = await _at_door(request)
    except (NotFound, Invalid) as refusal:
        return _code(request, typed, refusal)
    place = coming.place
    if typed != _code_of(place):
        return go(f"{CODE}/{_code_of(place)}")
    if place.standing.is_inside and not coming.is_back:
        return await show_hall(request, place)
    return await _join(request, coming)


async def join(request: Request, form: Sent) -> Response:
    """Come in with a name, or as who one is signed in as."""
    services, visitor = services_of(request), visitor_of(request)
    coming = await _at_door(request)
    code, table = _code_of(coming.place), number_in(form["table"] or "0", 3)
    if table is None:
        raise Invalid(fields={"table": "unknown-choice"})
    if coming.actor is not None:
        await join_with_account(services, coming.actor, code, table=table)
        return go(f"{CODE}/{coming.place.workshop.code}")
    joined = await join_as_guest(
        services,
        code,
        form["name"],
        caller_of(request),
        visitor.language,
        table=table,
        form_key=form["key"],
        replacing=visitor.session_key,
    )
    response = go(f"{CODE}/{joined.workshop.code}")
    assert joined.signed_in is not None, "a browser was let in"
    set_session_cookie(services.settings, response, joined.signed_in.secret)
    return response


async def _still_outside(request: Request, form: Sent, refusal: Refusal) -> Response:
    coming = await _at_door(request)
    return await _join(request, coming, form["name"], form["table"], refusal)


async def _at_door(request: Request) -> Coming:
    services, visitor = services_of(request), visitor_of(request)
    place = await look_up(
        services, visitor.actor, request.path_params["code"], caller_of(request).address
    )
    if visitor.actor.person_id is None:
        return Coming(place, None, is_back=False)
    async with services.database.read() as tx:
        guest = await attendances.guest(tx, visitor.actor.person_id)
        row = await attendances.get(tx, place.workshop.id, visitor.actor.person_id)
    # Whoever is the guest of another evening comes to this one as somebody new.
    is_elsewheres = guest is not None and guest.workshop_id != place.workshop.id
    actor = None if is_elsewheres else visitor.actor
    elsewhere = place.table is not None and row is not None and row.table_id != place.table.id
    return Coming(place, actor, is_back=elsewhere)


async def _join(
    request: Request,
    coming: Coming,
    name: str = "",
    table: str = "",
    refusal: Refusal | None = None,
) -> Response:
    services, place = services_of(request), coming.place
    async with services.database.read() as tx:
        tables = await workshops.tables(tx, place.workshop.id)
    context = {
        "course": course_of(place, services.clock()),
        "code": _code_of(place),
        "table": place.table,
        "tables": tables,
        "is_back": coming.is_back,
        "is_removed": place.standing is Standing.REMOVED,
        "as_self": coming.actor,
        "name": name,
        "chosen": table,
        "key": uuid4().hex,
        "errors": Values(errors_of(request, refusal)),
    }
    return services.pages.render(request, "workshop/join.html", context)


def _code(request: Request, typed: str, refusal: Refusal | None = None) -> Response:
    catalogue = services_of(request).pages.catalogues[visitor_of(request).language]
    # The field, not the form: there is one. It says what a code looks like.
    shown = Values({"code": message(refusal.code, refusal.data, catalogue)} if refusal else {})
    context = {"typed": typed[:40], "errors": shown}
    status = status_of(refusal) if refusal else 200
    return services_of(request).pages.render(request, "workshop/code.html", context, status)


def _code_of(place: Place) -> str:
    """The code that was used, as it is written."""
    return place.table.code if place.table else place.workshop.code


routes = [
    Route(CODE, code_page),
    Route(PATH, page),
    posted(PATH, join, _still_outside),
]

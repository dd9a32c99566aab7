"""Presenting an idea: large type, section by section; also what lies on another table."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotAllowed, NotFound
from collab.process.events.event import idea_topic
from collab.process.events.gathering.workshops import TABLES, TEXTS, workshop_topic
from server.auth.visitor import visitor_of
from server.pages.forms import go, number_in
from server.pages.workshop.latest import unchanged_or
from server.services import services_of
from server.views.workshop.present import Presented, at_table, presented

IDEA: Final = "/ideas/{ref}/present"
TABLE: Final = "/w/{code}/tables/{number}"


async def idea_page(request: Request) -> Response:
    """The idea for a room."""
    ref = request.path_params["ref"]
    shown = await presented(services_of(request), visitor_of(request).actor, ref)
    return _page(request, shown, f"/ideas/{ref}", IDEA.format(ref=ref), idea_topic(ref, "text"))


async def idea_text(request: Request) -> Response:
    """Its text as it is now."""
    services, ref = services_of(request), request.path_params["ref"]
    return _text(request, await presented(services, visitor_of(request).actor, ref))


async def table_page(request: Request) -> Response:
    """What another table writes, to be read by everybody in the workshop."""
    code, number = request.path_params["code"], request.path_params["number"]
    tables = f"/w/{code}/tables"
    try:
        shown = await _at_table(request)
    except NotAllowed:
        return go(f"/w/{code}")
    if shown is None:
        return go(tables)
    here = TABLE.format(code=code, number=number)
    topics = " ".join(workshop_topic(code, part) for part in (TABLES, TEXTS))
    return _page(request, shown, tables, here, topics)


async def table_text(request: Request) -> Response:
    """The same, as it is now."""
    shown = await _at_table(request)
    if shown is None:
        raise NotFound
    return _text(request, shown)


async def _at_table(request: Request) -> Presented | None:
    number = number_in(request.path_params["number"])
    if number is None:
        raise NotFound("no-such-table")
    services, actor = services_of(request), visitor_of(request).actor
    return await at_table(services, actor, request.path_params["code"], number)


def _page(request: Request, shown: Presented, back: str, here: str, topic: str) -> Response:
    context = {"shown": shown, "back": back, "fragment": f"{here}/text", "topic": topic}
    return services_of(request).pages.render(request, "workshop/present.html", context)


def _text(request: Request, shown: Presented) -> Response:
    stamp = f"{shown.stamp}-{visitor_of(request).language}"
    pages = services_of(request).pages
    html = pages.text(request, "workshop/presented.html", {"shown": shown})
    return unchanged_or(request, stamp, html)


routes = [
    Route(IDEA, idea_page),
    Route(f"{IDEA}/text", idea_text),
    Route(TABLE, table_page),
    Route(f"{TABLE}/text", table_text),
]

"""The inbox, its number in the head of every page, and the news of what one follows."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.actions.following.looking import read_notices, see_notices
from server.auth.visitor import visitor_of
from server.pages.forms import go, number_in, person_of, sent
from server.services import services_of
from server.views.arena.cards import stage_of
from server.views.following.inbox import inbox
from server.views.following.news import catch_up
from server.views.following.words import headings
from storage import events

INBOX: Final = "/inbox"
CATCH_UP: Final = "/catch-up"


async def inbox_page(request: Request) -> Response:
    """What is addressed to the reader; being shown it here, he is not mailed it any more."""
    services, person = services_of(request), person_of(request)
    catalogue = services.pages.catalogues[visitor_of(request).language]
    before = number_in(request.query_params.get("before", ""))
    async with services.database.read() as tx:
        found = await inbox(tx, person, catalogue, before)
        last = await events.last_id(tx)
    if visitor_of(request).via == "cookie":
        await see_notices(services, person, found.event_ids)
    context = {"found": found, "is_first": before is None, "last_event": last}
    return services.pages.render(request, "following/inbox.html", context)


async def inbox_fragment(request: Request) -> Response:
    """The way to the inbox with the number of what is unread."""
    person_of(request)
    return services_of(request).pages.render(request, "following/way.html")


async def post_read(request: Request) -> Response:
    """Mark all that was shown as read, of one idea if the form names it."""
    form, person = await sent(request), person_of(request)
    up_to = number_in(form["up_to"]) or 0
    await read_notices(services_of(request), person, up_to, form["ref"] or None)
    return go(INBOX)


async def catch_up_page(request: Request) -> Response:
    """What happened at followed ideas since the reader looked: each once, the newest first."""
    services, person = services_of(request), person_of(request)
    catalogue = services.pages.catalogues[visitor_of(request).language]
    cursor = request.query_params.get("cursor")
    async with services.database.read() as tx:
        found, older = await catch_up(tx, person, cursor)
    entries = [
        (
            each,
            stage_of(each.idea.stage),
            headings(each.counts, catalogue, text_changed=each.text_changed),
        )
        for each in found
    ]
    context = {
        "entries": entries,
        "newer": CATCH_UP if cursor else None,
        "older": f"{CATCH_UP}?cursor={older}" if older else None,
    }
    return services.pages.render(request, "following/catch_up.html", context)


routes = [
    Route(INBOX, inbox_page),
    Route(f"{INBOX}/read", post_read, methods=["POST"]),
    Route("/fragments/inbox", inbox_fragment),
    Route(CATCH_UP, catch_up_page),
]

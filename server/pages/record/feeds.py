"""Atom feeds (RFC 4287), of one idea and of the arena; unchanged ones are not sent again."""

import hashlib
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.visitor import visitor_of
from server.pages.xml import well_formed
from server.services import services_of
from server.views.record.feed import Feed, arena_feed, idea_feed

MEDIA = "application/atom+xml; charset=utf-8"


async def arena(request: Request) -> Response:
    """The feed of the whole arena."""
    services = services_of(request)
    async with services.database.read() as tx:
        language = visitor_of(request).language
        feed = await arena_feed(tx, services.settings.address, language)
    return _answer(request, feed)


async def idea(request: Request) -> Response:
    """The feed of one idea."""
    services, ref = services_of(request), request.path_params["ref"]
    async with services.database.read() as tx:
        language = visitor_of(request).language
        feed = await idea_feed(tx, services.settings.address, ref, language)
    return _answer(request, feed)


def _answer(request: Request, feed: Feed) -> Response:
    written = services_of(request).pages.text(request, "record/feed.xml", {"feed": feed})
    body = well_formed(written).strip().encode()
    # Weak: the same feed may be sent compressed or not.
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Last-Modified": format_datetime(feed.updated, usegmt=True)}
    if _is_known(request, tag, feed.updated):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA, headers=headers)


def _is_known(request: Request, tag: str, updated: datetime) -> bool:
    """Whether the reader has this already; the tag counts before the time (RFC 9110 §13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        listed = {each.strip().removeprefix("W/") for each in tags.split(",")}
        return bool(listed & {tag.removeprefix("W/"), "*"})
    since = request.headers.get("if-modified-since", "")
    try:
        known = parsedate_to_datetime(since)
    except ValueError:
        return False
    return known.tzinfo is not None and updated.replace(microsecond=0) <= known


routes = [
    Route("/feed.atom", arena),
    Route("/ideas/{ref}/feed.atom", idea),
]

"""What exists already: the list of initiatives, searching in it, and the page of one."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from collab.process.permissions import Action, may
from server.actions.cases import at_idea
from server.actions.catalogues.initiatives import QUERY_CHARS_MAX
from server.auth.visitor import visitor_of
from server.pages.forms import id_in
from server.services import services_of
from server.views.prose import prose
from storage import ideas
from storage.process import initiatives
from storage.search.existing import existing

PATH: Final = "/initiatives"
PAGE_SIZE: Final = 50
FOUND_MAX: Final = 20
OFFSET_DIGITS_MAX: Final = 6


async def index(request: Request) -> Response:
    """All initiatives by name, or those like what was asked for."""
    services = services_of(request)
    q = request.query_params.get("q", "").strip()[:QUERY_CHARS_MAX]
    offset = _offset(request.query_params.get("after", ""))
    async with services.database.read() as tx:
        total = await initiatives.count(tx)
        found = await existing(tx, q, limit=FOUND_MAX) if q else []
        rows = [] if q else await initiatives.page(tx, offset=offset, limit=PAGE_SIZE)
    more = offset + len(rows)
    context = {
        "q": q,
        "found": found,
        "rows": rows,
        "total": total,
        "newer": PATH if offset else None,
        "older": f"{PATH}?{urlencode({'after': more})}" if rows and more < total else None,
    }
    return services.pages.render(request, "catalogues/initiatives.html", context)


async def initiative_page(request: Request) -> Response:
    """One initiative, and the ideas that have to do with it and may be seen."""
    services = services_of(request)
    initiative_id = _id(request.path_params["initiative_id"])
    async with services.database.read() as tx:
        row = await initiatives.get(tx, initiative_id)
        if row is None:
            raise NotFound("initiative-unknown")
        related = []
        for relation in await initiatives.relating(tx, initiative_id):
            idea = await ideas.get(tx, relation.idea_id)
            assert idea is not None, "a relation is one of an idea"
            here = await at_idea(tx, visitor_of(request).actor, idea)
            if may(here, Action.READ_IDEA, idea.stage):
                related.append((relation, idea))
    context = {"row": row, "related": related, "prose": prose}
    return services.pages.render(request, "catalogues/initiative.html", context)


def _id(text: str) -> UUID:
    return id_in(text, NotFound("initiative-unknown"))


def _offset(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= OFFSET_DIGITS_MAX
    return int(text) if is_number else 0


routes = [
    Route(PATH, index),
    Route(PATH + "/{initiative_id}", initiative_page),
]

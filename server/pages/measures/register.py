"""The public register, and the page of one measure."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.process.measures.recognition import State
from collab.process.measures.register import MeasureKind, Progress
from collab.process.permissions import Action, may
from server.actions.catalogues.today import today
from server.auth.visitor import visitor_of
from server.pages.forms import go
from server.services import services_of
from server.views.districts.districts import choices
from server.views.measures.register import (
    PATH,
    Search,
    field_labels,
    measure_page,
    rows,
)
from storage import events
from storage.process.measures import register as measures

ITEM = PATH + "/{number}"
PAGE_SIZE = 40


async def register(request: Request) -> Response:
    """All measures, narrowed by the search in the address."""
    services = services_of(request)
    search, cursor = Search.of(request.query_params), request.query_params.get("cursor")
    async with services.database.read() as tx:
        found, following = await rows(tx, search, cursor, PAGE_SIZE)
        counts = await measures.count(tx, search.only(kind="").wanted())
        context: dict[str, Any] = {
            "rows": found,
            "fields": await field_labels(tx),
            "districts": await choices(tx, today(services), [search.district]),
            "last_event": await events.last_id(tx),
        }
    context |= {
        "search": search,
        "counts": counts,
        "total": counts.get(search.kind, 0) if search.kind else sum(counts.values()),
        "kinds": list(MeasureKind),
        "progresses": list(Progress),
        "states": list(State),
        "newer": search.address() if cursor else None,
        "older": search.address(cursor=following) if following else None,
        "table": search.address("/api/v1/measures", format="csv"),
        "data": search.address("/api/v1/measures"),
        "may_enter": may(visitor_of(request).actor, Action.MANAGE_CENTRAL),
    }
    return services.pages.render(request, "measures/index.html", context)


async def measure(request: Request) -> Response:
    """One measure: what, who, since when, on which ground; and whether it is recognised now."""
    services, number = services_of(request), str(request.path_params["number"])
    async with services.database.read() as tx:
        found = await measure_page(tx, number)
        context = {
            "found": found,
            "fields": await field_labels(tx),
            "last_event": await events.last_id(tx),
        }
    if found.row.number != number:
        return go(ITEM.format(number=found.row.number))
    context |= {
        "address": services.settings.address,
        "may_change": may(visitor_of(request).actor, Action.MANAGE_CENTRAL)
        and found.entry.central is not None,
    }
    return services.pages.render(request, "measures/measure.html", context)


routes = [Route(PATH, register), Route(ITEM, measure)]

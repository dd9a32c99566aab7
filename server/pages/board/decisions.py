"""The page of prepared decisions: review, publish, take back."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound
from collab.process.permissions import Action, may
from server.actions.board import prepared
from server.pages.board.moves import anchor_of, show_results
from server.pages.forms import go, id_in, person_of, sent
from server.services import services_of
from server.views.board.decisions import decision_lists
from server.views.board.wish import BOARD
from storage import events

DECISIONS = f"{BOARD}/decisions"
FRAGMENT = "/fragments/decisions"


async def index(request: Request) -> Response:
    """All lists with everything in them."""
    return await _render(request, "board/decisions.html")


async def fragment(request: Request) -> Response:
    """The lists as they are now."""
    return await _render(request, "board/lists.html")


async def _render(request: Request, template: str) -> Response:
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        last = await events.last_id(tx)
    context = {
        "lists": await decision_lists(services, person),
        "can_publish": may(person, Action.PUBLISH_ACTS),
        "anchor_of": anchor_of,
        "last_event": last,
        "fragment": FRAGMENT,
    }
    return services.pages.render(request, template, context)


async def post_publish(request: Request) -> Response:
    """Execute what was reviewed and still fits; then what became of each."""
    form, person = await sent(request), person_of(request)
    acts = {_id(each) for each in form.all("act")}
    results = await prepared.publish(services_of(request), person, form["list_name"], acts)
    return await show_results(request, results, [], DECISIONS)


async def post_drop(request: Request) -> Response:
    """Take one act out of its list; one that is gone already is no fault."""
    form, person = await sent(request), person_of(request)
    try:
        await prepared.drop(services_of(request), person, _id(form["act"]))
    except NotFound as refusal:
        if refusal.code != "act-gone":
            raise
    return go(DECISIONS)


def _id(text: str) -> UUID:
    return id_in(text, Invalid(fields={"act": "malformed"}))


routes = [
    Route(DECISIONS, index),
    Route(FRAGMENT, fragment),
    Route(f"{DECISIONS}/publish", post_publish, methods=["POST"]),
    Route(f"{DECISIONS}/drop", post_drop, methods=["POST"]),
]

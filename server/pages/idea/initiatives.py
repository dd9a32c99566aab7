"""Forms of an idea's page about what exists already."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound
from server.actions.catalogues import initiatives
from server.actions.catalogues.searches import note_search
from server.pages.forms import Sent, go, person_of, sent
from server.pages.idea.forms import back, page_form, ref_of
from server.pages.idea.page import path_of
from server.services import services_of

PATH = "/ideas/{ref}/initiatives"
FORM = "initiatives"


async def post_relation(request: Request, form: Sent) -> Response:
    """Say what an initiative is to the idea."""
    ref = ref_of(request)
    await initiatives.relate(
        services_of(request),
        person_of(request),
        ref,
        _initiative(form),
        kind=form["relation"],
        note=form["note"],
    )
    return go(path_of(ref, "initiatives"))


async def post_unrelated(request: Request) -> Response:
    """Take back what was said about an initiative."""
    form, ref = await sent(request), ref_of(request)
    await initiatives.unrelate(services_of(request), person_of(request), ref, _initiative(form))
    return go(path_of(ref, "initiatives"))


async def post_search(request: Request, form: Sent) -> Response:
    """Note that a search found nothing."""
    ref = ref_of(request)
    await note_search(services_of(request), person_of(request), ref, form["terms"])
    return go(path_of(ref, "initiatives"))


def _initiative(form: Sent) -> UUID:
    if not form["initiative"]:
        raise Invalid(fields={"initiative": "missing"})
    try:
        return UUID(form["initiative"])
    except ValueError:
        raise NotFound("initiative-unknown") from None


routes = [
    *page_form(PATH, post_relation, FORM, {"kind": "relation"}),
    *page_form(PATH + "/none", post_search, "search"),
    Route(PATH + "/remove", back, methods=["GET"]),
    Route(PATH + "/remove", post_unrelated, methods=["POST"]),
]

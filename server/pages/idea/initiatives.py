"""Forms of an idea's page about what exists already."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from server.actions.catalogues import initiatives
from server.actions.catalogues.searches import note_search
from server.pages.forms import Sent, go, person_of, sent
from server.pages.idea.forms import back, ref_of, refused
from server.pages.idea.page import path_of
from server.services import services_of

FORM = "initiatives"


async def post_relation(request: Request) -> Response:
    """Say what an initiative is to the idea."""
    form, ref = await sent(request), ref_of(request)
    try:
        await initiatives.relate(
            services_of(request),
            person_of(request),
            ref,
            _initiative(form),
            kind=form["relation"],
            note=form["note"],
        )
    except Refusal as refusal:
        renamed, kept = {"kind": "relation"}, form["note"]
        return await refused(request, refusal, form, FORM, renamed, kept=kept)
    return go(path_of(ref, "initiatives"))


async def post_unrelated(request: Request) -> Response:
    """Take back what was said about an initiative."""
    form, ref = await sent(request), ref_of(request)
    await initiatives.unrelate(services_of(request), person_of(request), ref, _initiative(form))
    return go(path_of(ref, "initiatives"))


async def post_search(request: Request) -> Response:
    """Note that a search found nothing."""
    form, ref = await sent(request), ref_of(request)
    try:
        await note_search(services_of(request), person_of(request), ref, form["terms"])
    except Refusal as refusal:
        return await refused(request, refusal, form, "search", kept=form["terms"])
    return go(path_of(ref, "initiatives"))


def _initiative(form: Sent) -> UUID:
    if not form["initiative"]:
        raise Invalid(fields={"initiative": "missing"})
    try:
        return UUID(form["initiative"])
    except ValueError:
        raise NotFound("initiative-unknown") from None


routes = [
    Route("/ideas/{ref}/initiatives", back, methods=["GET"]),
    Route("/ideas/{ref}/initiatives/remove", back, methods=["GET"]),
    Route("/ideas/{ref}/initiatives/none", back, methods=["GET"]),
    Route("/ideas/{ref}/initiatives/none", post_search, methods=["POST"]),
    Route("/ideas/{ref}/initiatives", post_relation, methods=["POST"]),
    Route("/ideas/{ref}/initiatives/remove", post_unrelated, methods=["POST"]),
]

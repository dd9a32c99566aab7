"""Which mails one gets, chosen in the account, and ended by one click in any of them."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid
from collab.process.following.mailing import Addressed, Choice, Followed
from server.actions.following.choosing import (
    PLACE,
    choice_of,
    choose,
    unsubscribe,
    who_asks,
)
from server.errors import status_of
from server.pages.account import in_person
from server.pages.forms import errors_of, go, sent
from server.services import services_of
from storage import people

PAGE: Final = "/account/mails"


async def page(request: Request) -> Response:
    """What the reader has chosen."""
    return await _page(request)


async def post_choice(request: Request) -> Response:
    """Choose anew."""
    form, person = await sent(request), in_person(request)
    fields = {
        name: "unknown-choice"
        for name, known in (("addressed", Addressed), ("followed", Followed))
        if form[name] not in set(known)
    }
    if fields:
        return await _page(request, Invalid(fields=fields))
    wanted = Choice(
        Addressed(form["addressed"]),
        Followed(form["followed"]),
        follows_own=form["follows_own"] == "yes",
        keeps_quiet=form["keeps_quiet"] == "yes",
    )
    await choose(services_of(request), person, wanted)
    return go(f"{PAGE}?done=yes")


async def unsubscribe_page(request: Request) -> Response:
    """One button: looking at a link ends nothing, for mail programs look at every link."""
    services, token = services_of(request), request.path_params["token"]
    _, kind = who_asks(services.settings, token)
    context = {"kind": kind, "is_done": False, "token": token}
    return services.pages.render(request, "following/unsubscribe.html", context)


async def post_unsubscribe(request: Request) -> Response:
    """End these mails at once; mail programs send this by themselves (RFC 8058)."""
    services, token = services_of(request), request.path_params["token"]
    kind = await unsubscribe(services, token)
    context = {"kind": kind, "is_done": True, "token": token}
    return services.pages.render(request, "following/unsubscribe.html", context)


async def _page(request: Request, refusal: Invalid | None = None) -> Response:
    services, person = services_of(request), in_person(request)
    assert person.person_id is not None
    async with services.database.read() as tx:
        row = await people.get(tx, person.person_id)
    context = {
        "wanted": await choice_of(services, person),
        "email": row.email if row else None,
        "done": request.method == "GET" and "done" in request.query_params,
        "errors": errors_of(request, refusal) if refusal else {},
    }
    status = status_of(refusal) if refusal else 200
    return services.pages.render(request, "following/mails.html", context, status)


routes = [
    Route(PAGE, page),
    Route(PAGE, post_choice, methods=["POST"]),
    Route(f"{PLACE}/{{token}}", unsubscribe_page),
    Route(f"{PLACE}/{{token}}", post_unsubscribe, methods=["POST"]),
]

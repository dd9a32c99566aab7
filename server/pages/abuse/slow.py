"""Slow mode of an idea: set it and end it, on a page of its own."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, Refusal
from collab.process.abuse.slow import HOURS, SECONDS
from collab.process.permissions import Action
from server.actions.abuse import slow as actions
from server.actions.cases import open_case
from server.pages.forms import Sent, errors_of, go, person_of, posted, sent
from server.pages.idea.forms import ref_of
from server.pages.idea.page import Values, path_of
from server.services import services_of

PATH = "/ideas/{ref}/slow"
DIGITS_MAX = 6


async def page(request: Request) -> Response:
    """What is set, and the form to set it."""
    return await _page(request)


async def post(request: Request, form: Sent) -> Response:
    """Begin slow mode."""
    ref = ref_of(request)
    await actions.set_slow_mode(
        services_of(request),
        person_of(request),
        ref,
        seconds=_number(form, "seconds"),
        hours=_number(form, "hours"),
        reason=form["reason"],
    )
    return go(path_of(ref, "comments"))


async def post_end(request: Request) -> Response:
    """End it before its time."""
    await sent(request)
    await actions.end_slow_mode(services_of(request), person_of(request), ref_of(request))
    return go(path_of(ref_of(request), "comments"))


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, person, ref_of(request), Action.SET_SLOW_MODE)
        mode = await actions.slow_mode(tx, case, services.clock())
    values = {"seconds": "60", "hours": "24", "reason": ""}
    if form:
        values = {name: form[name] for name in values}
    context = {
        "idea": case.idea,
        "mode": mode,
        "values": values,
        "seconds": SECONDS,
        "hours": HOURS,
        "errors": Values(errors_of(request, refusal)),
    }
    return services.pages.render(request, "abuse/slow.html", context)


def _number(form: Sent, name: str) -> int:
    text = form[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX):
        raise Invalid(fields={name: "unknown-choice"})
    return int(text)


routes = [
    Route(PATH, page),
    posted(PATH, post, _page),
    Route(f"{PATH}/end", post_end, methods=["POST"]),
]

"""For whom one speaks: asking, and for who may confirm or sign, what waits for him."""

from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.permissions import Action, may
from server.actions.access import known
from server.actions.organisations import organisations
from server.actions.responsibility import affiliations
from server.actions.responsibility.standing import signs_for
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, id_in, is_out_of_sight, person_of, posted, sent
from server.services import services_of
from storage import ideas, people
from storage.process import responsibility

PAGE: Final = "/account/organisations"


async def page(request: Request) -> Response:
    """The reader's organisations, and what waits for a word of his."""
    return await _page(request)


async def post_ask(request: Request, form: Sent) -> Response:
    """Say for whom one speaks."""
    person = person_of(request)
    await affiliations.ask(services_of(request), person, _uuid(form["organisation"]))
    return go(PAGE)


async def post_end(request: Request) -> Response:
    """Speak for an organisation no longer; or say that somebody does not."""
    form, person = await sent(request), person_of(request)
    handle = form["handle"] or person.handle
    await affiliations.end(services_of(request), person, handle, _uuid(form["organisation"]))
    return go(_back(form["back"]))


async def post_confirm(request: Request) -> Response:
    """Confirm that somebody speaks for an organisation; the office says whether he may sign."""
    form, person = await sent(request), person_of(request)
    signs = {"yes": True, "no": False}.get(form["may_sign"])
    services, organisation = services_of(request), _uuid(form["organisation"])
    await affiliations.confirm(services, person, form["handle"], organisation, may_sign=signs)
    return go(_back(form["back"]))


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), visitor_of(request).actor
    person_of(request)
    person_id, is_office = known(person), may(person, Action.MANAGE_PEOPLE)
    async with services.database.read() as tx:
        mine = (await people.memberships(tx, [person_id])).get(person_id, [])
        signs = await signs_for(tx, person_id)
        waiting = await people.unconfirmed(tx, None if is_office else signs)
        offers = await responsibility.waiting_for(tx, signs)
        at = {row.idea_id: await ideas.get(tx, row.idea_id) for row in offers}
    held = {each.organisation.id for each in mine}
    context: dict[str, Any] = {
        "mine": mine,
        "waiting": [each for each in waiting if each.person.id != person_id],
        "is_office": is_office,
        "offers": [(row, at[row.idea_id]) for row in offers],
        "organisations": [each for each in await organisations(services) if each.id not in held],
        "organisation": form["organisation"] if form else "",
        "errors": errors_of(request, refusal),
    }
    return services.pages.render(request, "responsibility/organisations.html", context)


def _back(handle: str) -> str:
    """Where the form was: the page of a person, or this one."""
    return f"/people/{handle}?done=organisation" if handle else PAGE


def _uuid(text: str) -> UUID:
    missing = Invalid(fields={"organisation": "missing"})
    return id_in(text, NotFound("affiliation-not-found") if text else missing)


async def back(_request: Request) -> Response:
    """A reload or another language after a refused form."""
    return go(PAGE)


routes = [
    Route(PAGE, page),
    posted(PAGE, post_ask, _page, plain=is_out_of_sight),
    *(Route(f"{PAGE}/{deed}", back) for deed in ("end", "confirm")),
    Route(f"{PAGE}/end", post_end, methods=["POST"]),
    Route(f"{PAGE}/confirm", post_confirm, methods=["POST"]),
]

"""One's own data: what Arena holds about the person, to read and to take along; and its erasure."""

from datetime import datetime
from typing import Any, Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, Refusal
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.processes import every_stage
from server.actions.erasure import people as erasure
from server.actions.erasure.holdings import holdings_of
from server.actions.erasure.people import CHOICES, NAMES, Choice
from server.auth.cookie import clear_session_cookie
from server.auth.device import clear_device
from server.auth.visitor import visitor_of
from server.pages.account import ACCOUNT, in_person
from server.pages.forms import Sent, errors_of, go, posted
from server.services import services_of
from storage import people

DATA: Final = f"{ACCOUNT}/data"
ERASED: Final = f"{ACCOUNT}/erased"
SOME: Final = "some"


async def data(request: Request) -> Response:
    """Everything about the person who asks."""
    return await _data(request)


async def erase(request: Request, form: Sent) -> Response:
    """Erase the account that asks; the files of the database are cleaned after the answer."""
    person = in_person(request)
    services = services_of(request)
    if not form["confirmed"]:
        raise Invalid(fields={"confirmed": "not-confirmed"})
    await erasure.erase_self(
        services, person, visitor_of(request).session_key, form["password"], _choice(form)
    )
    response = go(ERASED)
    response.background = BackgroundTask(erasure.finish_later, services)
    clear_session_cookie(services.settings, response)
    clear_device(response)
    return response


async def erased(request: Request) -> Response:
    """What somebody reads who has no account any more."""
    if visitor_of(request).is_signed_in:
        return go(ACCOUNT)
    return services_of(request).pages.render(request, "people/erased.html")


async def _data(
    request: Request, typed: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), in_person(request)
    assert person.person_id is not None
    async with services.database.read() as tx:
        row = await people.get(tx, person.person_id)
    assert row is not None, "a session belongs to a person"
    held = await holdings_of(services, row)
    context: dict[str, Any] = {
        "held": held,
        "moment": datetime.fromisoformat,
        "stages": {stage.id: stage.label for stage in every_stage().values()},
        "feasibility": load_feasibility(),
        "pseudonym": NAMES[row.language],
        "chosen": typed["text"] if typed else "",
        "refs": typed.all("refs") if typed else [],
        "errors": errors_of(request, refusal),
    }
    return services.pages.render(request, "people/data.html", context)


def _choice(form: Sent) -> Choice:
    """What is to become of the person's words.

    Raises:
        Invalid: nothing was chosen, or no idea.
    """
    if form["text"] == SOME:
        if refs := frozenset(form.all("refs")):
            return Choice(refs)
        raise Invalid(fields={"refs": "missing"})
    if form["text"] not in CHOICES:
        raise Invalid(fields={"text": "unknown-choice"})
    return CHOICES[form["text"]]


routes = [
    Route(DATA, data),
    posted(f"{DATA}/erase", erase, _data),
    Route(ERASED, erased),
]

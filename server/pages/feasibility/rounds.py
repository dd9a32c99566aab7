"""The rounds of an idea: which there were, opening one, and closing it before its day."""

from datetime import date
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.permissions import Action
from server.actions.cases import open_case
from server.actions.feasibility import rounds as actions
from server.actions.feasibility.sight import round_value
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, id_in, person_of, posted
from server.pages.idea.forms import ref_of, version_in
from server.pages.idea.page import Values
from server.services import services_of
from server.views.dossier import read_text
from server.views.feasibility.judging import round_fields
from storage import events
from storage.feasibility import judgements, rounds

PATH = "/ideas/{ref}/rounds"
SHOWN_MAX = 50


async def rounds_page(request: Request) -> Response:
    """All rounds of the idea, and for who may, the forms."""
    return await _show(request)


async def post_round(request: Request, form: Sent) -> Response:
    """Open a round."""
    services, person = services_of(request), person_of(request)
    await actions.open_round(
        services,
        person,
        ref_of(request),
        dimensions=form.all("dimensions"),
        disclosure=form["disclosure"],
        ends_on=_day(form["ends_on"]),
        seen=version_in(form),
    )
    return go(PATH.format(ref=ref_of(request)))


async def post_closing(request: Request, form: Sent) -> Response:
    """Close a round before its day."""
    services, person = services_of(request), person_of(request)
    number: UUID = id_in(str(request.path_params["round_id"]), NotFound("round-unknown"))
    await actions.close_round(
        services, person, ref_of(request), number, reason=form["closing_reason"]
    )
    return go(PATH.format(ref=ref_of(request)))


async def back(request: Request) -> Response:
    """A reload or another language after a refused form."""
    return go(PATH.format(ref=ref_of(request)))


async def _show(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, visitor, ref = services_of(request), visitor_of(request), ref_of(request)
    now, template = services.clock(), load_feasibility()
    read = await read_text(services, visitor.actor, ref)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref)
        rows = await rounds.of_idea(tx, case.idea.id, SHOWN_MAX)
        given = await judgements.of_idea(tx, case.idea.id)
        last_event = await events.last_id(tx)
    held = [(row, round_value(row).is_open(now)) for row in rows]
    context = {
        "idea": case.idea,
        "held": held,
        "people": {
            row.id: len({each.person_id for each in given if each.round_id == row.id})
            for row in rows
        },
        "labels": {each.id: each.label for each in template.dimensions},
        "may_hold": case.may(Action.HOLD_ROUND),
        "is_open": any(is_open for _, is_open in held),
        "fields": round_fields(now, visitor.language),
        "version": read.version,
        "unreadable": read.unreadable,
        "typed": form,
        "chosen": form.all("dimensions") if form else [],
        "errors": Values(errors_of(request, refusal, {"reason": "closing_reason"})),
        "last_event": last_event,
    }
    return services.pages.render(request, "feasibility/rounds.html", context)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(fields={"ends_on": "malformed"}) from None


routes = [
    Route(PATH, rounds_page),
    posted(PATH, post_round, _show),
    Route(PATH + "/{round_id}/close", back, methods=["GET"]),
    posted(PATH + "/{round_id}/close", post_closing, _show),
]

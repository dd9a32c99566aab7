"""Central measures: the office's form, and linking an idea to one."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, Refusal
from collab.process.alignment.statements import FIELDS_OF_ACTION
from collab.process.calendar.berlin import berlin_date
from collab.process.measures.central import Entry, LinkKind
from collab.process.measures.register import Progress
from collab.process.permissions import Action, may, require
from server.actions.cases import open_case
from server.actions.measures import central as actions
from server.actions.organisations import organisations
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, person_of, posted
from server.pages.idea.forms import number_in
from server.pages.idea.page import path_of
from server.services import services_of
from storage.process import catalogues
from storage.process.measures import central
from storage.process.measures.central import CentralMeasure

NEW = "/central-measures/new"
CHANGE = "/central-measures/{number}/change"
LINK = "/ideas/{ref}/central-measures"
VALUES = ("title", "text", "organisation_id", "status", "reason")


async def new_page(request: Request) -> Response:
    """The empty form."""
    require(Action.MANAGE_CENTRAL, person_of(request))
    return await _form(request)


async def post_new(request: Request, form: Sent) -> Response:
    """Enter a central measure."""
    row = await actions.enter(
        services_of(request),
        person_of(request),
        _entry(form),
        organisation_id=_organisation(form),
    )
    return go(f"/measures/{row.number}")


async def change_page(request: Request) -> Response:
    """The form with what the register says now."""
    require(Action.MANAGE_CENTRAL, person_of(request))
    return await _form(request)


async def post_change(request: Request, form: Sent) -> Response:
    """Change what the register says."""
    number = str(request.path_params["number"])
    await actions.change(
        services_of(request),
        person_of(request),
        number,
        _entry(form),
        organisation_id=_organisation(form),
        expected_revision=number_in(form, "expected_revision"),
        reason=form["reason"],
    )
    return go(f"/measures/{number}")


async def link_page(request: Request) -> Response:
    """Which central measures the idea belongs to, and the form to say so."""
    return await _links(request)


async def post_link(request: Request, form: Sent) -> Response:
    """Link the idea."""
    ref = str(request.path_params["ref"])
    await actions.link(
        services_of(request),
        person_of(request),
        ref,
        form["number"],
        _kind(form["kind"]),
        note=form["note"],
    )
    return go(path_of(ref, "measure"))


async def post_unlink(request: Request, form: Sent) -> Response:
    """Take a link back."""
    ref = str(request.path_params["ref"])
    await actions.unlink(
        services_of(request), person_of(request), ref, form["number"], _kind(form["kind"])
    )
    return go(path_of(ref, "measure"))


async def _form(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, stored = services_of(request), await _stored(request)
    today = berlin_date(services.clock())
    async with services.database.read() as tx:
        fields = (await catalogues.current(tx, FIELDS_OF_ACTION, today)).choices(today)
    found = await organisations(services)
    context: dict[str, Any] = {
        "stored": stored,
        "values": {name: form[name] for name in VALUES} if form else _values(stored),
        "chosen": form.all("fields") if form else (stored.fields if stored else []),
        "fields": fields,
        "organisations": [(str(each.id), each.name) for each in found],
        "statuses": list(Progress),
        "errors": errors_of(request, refusal),
    }
    return services.pages.render(request, "measures/central_form.html", context)


async def _links(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, visitor = services_of(request), visitor_of(request)
    async with services.database.read() as tx:
        case = await open_case(
            tx, visitor.actor, str(request.path_params["ref"]), Action.LINK_CENTRAL
        )
        found = await central.everything(tx)
        linked = await central.of_idea(tx, case.idea.id)
    can_refer = may(visitor.actor, Action.MANAGE_CENTRAL)
    context = {
        "idea": case.idea,
        "measures": [(each.number, f"{each.title} ({each.number})") for each in found],
        "linked": linked,
        "can_refer": can_refer,
        "values": {name: form[name] if form else "" for name in ("number", "kind", "note")},
        "errors": errors_of(request, refusal),
    }
    return services.pages.render(request, "measures/links.html", context)


async def _stored(request: Request) -> CentralMeasure | None:
    """The measure in the address; none where a new one is written."""
    number = request.path_params.get("number")
    return await actions.read(services_of(request), str(number)) if number else None


def _values(stored: CentralMeasure | None) -> dict[str, str]:
    if stored is None:
        return dict.fromkeys(VALUES, "")
    return {
        "title": stored.title,
        "text": stored.text,
        "organisation_id": str(stored.organisation_id),
        "status": stored.status,
        "reason": "",
    }


def _entry(form: Sent) -> Entry:
    return Entry(form["title"], form["text"], tuple(form.all("fields")), form["status"])


def _organisation(form: Sent) -> UUID:
    try:
        return UUID(form["organisation_id"])
    except ValueError:
        code = "unknown-choice" if form["organisation_id"] else "missing"
        raise Invalid(fields={"organisation_id": code}) from None


def _kind(name: str) -> LinkKind:
    if name not in set(LinkKind):
        raise Invalid(fields={"kind": "unknown-choice"})
    return LinkKind(name)


routes = [
    Route(NEW, new_page),
    posted(NEW, post_new, _form),
    Route(CHANGE, change_page),
    posted(CHANGE, post_change, _form),
    Route(LINK, link_page),
    posted(LINK, post_link, _links),
    posted(LINK + "/remove", post_unlink, _links),
]

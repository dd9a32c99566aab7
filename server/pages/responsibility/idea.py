"""Taking on responsibility for an idea: the offer, and the page of one responsibility."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.responsibility.states import Part
from server.actions.cases import open_case
from server.actions.organisations import organisations
from server.actions.responsibility import endings, offers
from server.auth.visitor import visitor_of
from server.pages.forms import (
    Errors,
    Sent,
    errors_of,
    go,
    id_in,
    is_out_of_sight,
    person_of,
    posted,
)
from server.pages.idea.page import path_of
from server.services import services_of
from server.views.responsibility import answering

OFFER = "/ideas/{ref}/responsibilities/offer"
ITEM = "/ideas/{ref}/responsibilities/{responsibility_id}"
ANCHOR = "responsibility"

Deed = Callable[[Request, Sent, UUID], Awaitable[None]]


async def offer_page(request: Request) -> Response:
    """The form in which somebody offers in the name of an organisation."""
    person_of(request)
    return await _offer(request)


async def post_offer(request: Request, form: Sent) -> Response:
    """Make the offer; refused, the form says what is wrong."""
    ref = str(request.path_params["ref"])
    await offers.offer(
        services_of(request),
        person_of(request),
        ref,
        organisation_id=_uuid(form["organisation"], "organisation"),
        part=_part(form["part"]),
        note=form["note"],
    )
    return go(path_of(ref, ANCHOR))


async def item_page(request: Request) -> Response:
    """One responsibility, and whatever its reader may do with it."""
    return await _item(request)


async def _confirm(request: Request, form: Sent, responsibility_id: UUID) -> None:
    ref, handle = str(request.path_params["ref"]), form["handle"].strip()
    services, person = services_of(request), person_of(request)
    await offers.confirm(services, person, ref, responsibility_id, handle=handle)


async def _decline(request: Request, form: Sent, responsibility_id: UUID) -> None:
    ref, reason = str(request.path_params["ref"]), form["reason"]
    services, person = services_of(request), person_of(request)
    await offers.decline(services, person, ref, responsibility_id, reason=reason)


async def _withdraw(request: Request, form: Sent, responsibility_id: UUID) -> None:
    ref, reason = str(request.path_params["ref"]), form["reason"]
    services, person = services_of(request), person_of(request)
    await offers.withdraw(services, person, ref, responsibility_id, reason=reason)


async def _release(request: Request, form: Sent, responsibility_id: UUID) -> None:
    ref, note = str(request.path_params["ref"]), form["release_note"]
    services, person = services_of(request), person_of(request)
    await endings.release(services, person, ref, responsibility_id, note=note)


async def _hand_over(request: Request, form: Sent, responsibility_id: UUID) -> None:
    await endings.hand_over(
        services_of(request),
        person_of(request),
        str(request.path_params["ref"]),
        responsibility_id,
        organisation_id=_uuid(form["organisation"], "organisation"),
        note=form["note"],
    )


async def _appoint(request: Request, form: Sent, responsibility_id: UUID) -> None:
    ref, handle = str(request.path_params["ref"]), form["handle"].strip()
    services, person = services_of(request), person_of(request)
    await endings.appoint(services, person, ref, responsibility_id, handle=handle)


DEEDS: dict[str, Deed] = {
    "confirm": _confirm,
    "decline": _decline,
    "withdraw": _withdraw,
    "release": _release,
    "hand-over": _hand_over,
    "person": _appoint,
}
RENAMED = {"release": {"note": "release_note"}}
"""Two forms of one page have a note; each has a name of its own there."""


async def post_deed(request: Request, form: Sent) -> Response:
    """One of the acts on a responsibility; refused, its page says what is wrong."""
    deed = request.path_params["deed"]
    if deed not in DEEDS:
        raise NotFound
    await DEEDS[deed](request, form, _id(request))
    return go(path_of(str(request.path_params["ref"]), ANCHOR))


async def deed_page(request: Request) -> Response:
    """A reload or another language after a refused form: to the page that the form is on."""
    ref, responsibility_id = request.path_params["ref"], request.path_params["responsibility_id"]
    return go(ITEM.format(ref=ref, responsibility_id=responsibility_id))


async def _offer(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, visitor = services_of(request), visitor_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, request.path_params["ref"])
        found = await answering(services, tx, case)
    context = {
        "idea": case.idea,
        "answering": found,
        "parts": list(Part),
        "working_days": services.settings.offer_working_days,
        **_values(request, form, refusal, ("organisation", "part", "note")),
    }
    return services.pages.render(request, "responsibility/offer.html", context)


async def _item(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, visitor = services_of(request), visitor_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, request.path_params["ref"])
        line = (await answering(services, tx, case)).line(_id(request))
    if line is None:
        raise NotFound("responsibility-not-found")
    fields = ("organisation", "note", "release_note", "reason", "handle")
    deed = str(request.path_params.get("deed", ""))
    context = {
        "idea": case.idea,
        "line": line,
        "organisations": [
            each for each in await organisations(services) if each.id != line.row.organisation_id
        ],
        "deed": deed,
        **_values(request, form, refusal, fields, deed),
    }
    return services.pages.render(request, "responsibility/item.html", context)


def _values(
    request: Request,
    form: Sent | None,
    refusal: Refusal | None,
    fields: tuple[str, ...],
    deed: str = "",
) -> dict[str, Any]:
    """What was typed, and what is wrong with it."""
    broken = refusal.data.get("unmet", []) if refusal else []
    errors: Errors = {}
    if refusal and not broken:
        errors = errors_of(request, refusal, RENAMED.get(deed))
    return {
        "values": {name: form[name] if form else "" for name in fields},
        "errors": errors,
        "broken": broken,
        "winner": refusal.data.get("winner") if refusal else None,
    }


def _part(name: str) -> Part:
    if name not in set(Part):
        raise Invalid(fields={"part": "unknown-choice"})
    return Part(name)


def _id(request: Request) -> UUID:
    text = str(request.path_params["responsibility_id"])
    return id_in(text, NotFound("responsibility-not-found"))


def _uuid(text: str, field: str) -> UUID:
    """The id that was chosen in a list."""
    return id_in(text, Invalid(fields={field: "unknown-choice" if text else "missing"}))


routes = [
    Route(OFFER, offer_page),
    posted(OFFER, post_offer, _offer, plain=is_out_of_sight),
    Route(ITEM, item_page),
    Route(ITEM + "/{deed}", deed_page),
    posted(ITEM + "/{deed}", post_deed, _item, plain=is_out_of_sight),
]

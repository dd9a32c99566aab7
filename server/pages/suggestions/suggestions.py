"""What people suggest for a text, on a page: read it, accept and decline, singly or several."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Conflict, Invalid, NotFound, Refusal
from server.actions.cases import open_case
from server.actions.suggestions import deciding, making
from server.auth.visitor import visitor_of
from server.errors import status_of
from server.pages.forms import FORM, Sent, errors_of, go, id_in, person_of, posted, sent
from server.pages.idea.forms import ref_of
from server.pages.idea.page import Values
from server.services import services_of
from server.views.dossier import read_text
from server.views.suggestions.listing import listing
from storage import events

AT_ONCE_MAX = 50
REVISION_DIGITS_MAX = 4


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one suggestion of several that were accepted at once."""

    suggestion_id: UUID
    refusal: str
    present: str = ""


async def suggestions_page(request: Request) -> Response:
    """All suggestions, or those for one section."""
    return await _page(request)


async def suggestion_list(request: Request) -> Response:
    """The same, when they, or the text, changed."""
    return await _page(request, template="suggestions/list.html")


async def post_accept(request: Request) -> Response:
    """Bring one suggestion into the text."""
    form, ref, suggestion_id = await sent(request), ref_of(request), suggestion_id_of(request)
    revision = _revision(form["revision"])
    try:
        await deciding.accept_suggestion(
            services_of(request), person_of(request), ref, suggestion_id, revision=revision
        )
    except Conflict as refusal:
        return await _page(request, results=[_result(request, suggestion_id, refusal)])
    return _onward(form, ref, suggestion_id)


async def post_accept_several(request: Request) -> Response:
    """Bring the ticked ones into the text; those that do not fit stay open and say so."""
    form, ref = await sent(request, fields_max=AT_ONCE_MAX + 10), ref_of(request)
    chosen = form.all("suggestion")
    if not 1 <= len(chosen) <= AT_ONCE_MAX:
        refused = Invalid(fields={FORM: "too-many" if chosen else "empty"})
        return await _page(request, refusal=refused)
    results: list[Result] = []
    for each in chosen:
        name, _, revision = each.partition(".")
        suggestion_id = id_in(name, NotFound("suggestion-not-found"))
        try:
            await deciding.accept_suggestion(
                services_of(request),
                person_of(request),
                ref,
                suggestion_id,
                revision=_revision(revision),
            )
            results.append(Result(suggestion_id, ""))
        except Conflict as refusal:
            results.append(_result(request, suggestion_id, refusal))
    if all(not each.refusal for each in results):
        return go(f"/ideas/{ref}/suggestions#decided")
    return await _page(request, results=results)


async def post_decline(request: Request, form: Sent) -> Response:
    """Decline one, for a reason."""
    ref, suggestion_id = ref_of(request), suggestion_id_of(request)
    await deciding.decline_suggestion(
        services_of(request), person_of(request), ref, suggestion_id, reason=form["decision"]
    )
    return _onward(form, ref, suggestion_id)


async def _undeclined(request: Request, form: Sent, refusal: Refusal) -> Response:
    suggestion_id = suggestion_id_of(request)
    if isinstance(refusal, Conflict):
        return await _page(request, results=[_result(request, suggestion_id, refusal)])
    return await _page(request, refusal=refusal, form=form, refused=suggestion_id)


async def post_withdraw(request: Request) -> Response:
    """Take one's own back."""
    form, ref, suggestion_id = await sent(request), ref_of(request), suggestion_id_of(request)
    try:
        await making.withdraw_suggestion(
            services_of(request), person_of(request), ref, suggestion_id
        )
    except Conflict as refusal:
        return await _page(request, results=[_result(request, suggestion_id, refusal)])
    return _onward(form, ref, suggestion_id)


async def back(request: Request) -> Response:
    """A reload after a refused form: to the page that the form is on."""
    return go(f"/ideas/{ref_of(request)}/suggestions")


def _onward(form: Sent, ref: str, suggestion_id: UUID) -> Response:
    """Back to where the form was: beside the text, or on the page of suggestions."""
    if form["from"] == "idea":
        return go(f"/ideas/{ref}")
    return go(f"/ideas/{ref}/suggestions#suggestion-{suggestion_id}")


def suggestion_id_of(request: Request) -> UUID:
    """The suggestion in the address."""
    return id_in(request.path_params["suggestion_id"], NotFound("suggestion-not-found"))


async def _page(
    request: Request,
    *,
    refusal: Refusal | None = None,
    results: list[Result] | None = None,
    form: Sent | None = None,
    refused: UUID | None = None,
    template: str = "suggestions/page.html",
) -> Response:
    services, actor, ref = services_of(request), visitor_of(request).actor, ref_of(request)
    section = request.query_params.get("section") or None
    read = await read_text(services, actor, ref)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        found = await listing(tx, case, read.text, section=section)
        last_event = await events.last_id(tx)
    names = {"reason": f"decision-{refused}"}
    context: dict[str, Any] = {
        "idea": case.idea,
        "listing": found,
        "results": {each.suggestion_id: each for each in results or []},
        "errors": Values(errors_of(request, refusal, names)) if refusal else Values(),
        "refused": refused,
        "typed": form["decision"] if form else "",
        "last_event": last_event,
    }
    status = status_of(refusal) if refusal else 409 if _is_refused(context["results"]) else 200
    return services.pages.render(request, template, context, status)


def _is_refused(results: Mapping[UUID, Result]) -> bool:
    return any(each.refusal for each in results.values())


def _result(request: Request, suggestion_id: UUID, refusal: Conflict) -> Result:
    said = errors_of(request, refusal)[FORM]
    if winner := str(refusal.data.get("winner") or ""):
        said = f"{said} ({winner})"
    return Result(suggestion_id, said, str(refusal.data.get("present") or ""))


def _revision(text: str) -> int:
    if not text.isdecimal() or len(text) > REVISION_DIGITS_MAX:
        raise Invalid(fields={"revision": "malformed"})
    return int(text)


routes = [
    Route("/ideas/{ref}/suggestions", suggestions_page, methods=["GET"]),
    Route("/ideas/{ref}/suggestions/fragments/list", suggestion_list, methods=["GET"]),
    Route("/ideas/{ref}/suggestions/accept", back, methods=["GET"]),
    Route("/ideas/{ref}/suggestions/accept", post_accept_several, methods=["POST"]),
    Route("/ideas/{ref}/suggestions/{suggestion_id}/accept", back, methods=["GET"]),
    Route("/ideas/{ref}/suggestions/{suggestion_id}/accept", post_accept, methods=["POST"]),
    Route("/ideas/{ref}/suggestions/{suggestion_id}/decline", back, methods=["GET"]),
    posted("/ideas/{ref}/suggestions/{suggestion_id}/decline", post_decline, _undeclined),
    Route("/ideas/{ref}/suggestions/{suggestion_id}/withdraw", back, methods=["GET"]),
    Route("/ideas/{ref}/suggestions/{suggestion_id}/withdraw", post_withdraw, methods=["POST"]),
]

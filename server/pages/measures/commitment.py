"""The page of an idea's commitment: what was signed, word for word, and the form to write it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from server.actions.cases import open_case
from server.actions.measures import commitments as actions
from server.auth.visitor import visitor_of
from server.errors import status_of
from server.pages.forms import Sent, errors_of, go, person_of, sent
from server.pages.idea.forms import number_in
from server.services import services_of
from server.views.measures.commitments import pledge
from storage import events

PATH = "/ideas/{ref}/commitment"


async def commitment_page(request: Request) -> Response:
    """The commitments of the idea's leading organisations."""
    return await _page(request)


async def post_draft(request: Request) -> Response:
    """Keep the answers; refused, the page comes back with everything that was typed."""
    form = await sent(request)
    try:
        await actions.save_draft(
            services_of(request),
            person_of(request),
            _ref(request),
            answers=_answers(form),
            expected_revision=number_in(form, "expected_revision"),
        )
    except Refusal as refusal:
        return await _page(request, "draft", form, refusal)
    return go(PATH.format(ref=_ref(request)) + "?done=draft#draft")


async def post_signature(request: Request) -> Response:
    """Sign the draft that was seen."""
    form = await sent(request)
    try:
        await actions.sign(
            services_of(request),
            person_of(request),
            _ref(request),
            expected_revision=number_in(form, "expected_revision"),
        )
    except Refusal as refusal:
        return await _page(request, "sign", form, refusal)
    return go(PATH.format(ref=_ref(request)) + "?done=signed")


async def post_withdrawal(request: Request) -> Response:
    """Take the signature back."""
    form = await sent(request)
    try:
        await actions.withdraw(
            services_of(request), person_of(request), _ref(request), reason=form["reason"]
        )
    except Refusal as refusal:
        return await _page(request, "withdraw", form, refusal)
    return go(PATH.format(ref=_ref(request)) + "?done=withdrawn")


async def _page(
    request: Request,
    open_form: str = "",
    form: Sent | None = None,
    refusal: Refusal | None = None,
) -> Response:
    if refusal and (isinstance(refusal, NotFound) or status_of(refusal) == 401):
        raise refusal
    services, visitor = services_of(request), visitor_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, _ref(request))
        found = await pledge(tx, case, services.clock())
        last_event = await events.last_id(tx)
    typed = _answers(form) if form and open_form == "draft" else None
    context: dict[str, Any] = {
        "idea": case.idea,
        "pledge": found,
        "typed": typed,
        "reason": form["reason"] if form else "",
        "open_form": open_form,
        "errors": errors_of(request, refusal) if refusal else {},
        "code": refusal.code if refusal else "",
        "done": request.query_params.get("done", "") if request.method == "GET" else "",
        "last_event": last_event,
    }
    status = status_of(refusal) if refusal else 200
    return services.pages.render(request, "measures/commitment.html", context, status)


def _answers(form: Sent) -> dict[str, dict[str, object]]:
    """What the form says to each principle it showed."""
    return {
        principle: {
            "keeps": form[f"{principle}.keeps"] == "yes",
            "how": form[f"{principle}.how"],
            "evidence": form[f"{principle}.evidence"],
        }
        for principle in form.all("principle")
    }


def _ref(request: Request) -> str:
    return str(request.path_params["ref"])


routes = [
    Route(PATH, commitment_page),
    Route(PATH, post_draft, methods=["POST"]),
    Route(PATH + "/signature", post_signature, methods=["POST"]),
    Route(PATH + "/withdrawal", post_withdrawal, methods=["POST"]),
]

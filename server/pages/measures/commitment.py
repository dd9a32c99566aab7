"""The page of an idea's commitment: what was signed, word for word, and the form to write it."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from server.actions.cases import open_case
from server.actions.measures import commitments as actions
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, is_out_of_sight, person_of, posted
from server.pages.idea.forms import number_in
from server.services import services_of
from server.views.measures.commitments import pledge
from storage import events

PATH = "/ideas/{ref}/commitment"


async def commitment_page(request: Request) -> Response:
    """The commitments of the idea's leading organisations."""
    return await _page(request)


async def post_draft(request: Request, form: Sent) -> Response:
    """Keep the answers; refused, the page comes back with everything that was typed."""
    await actions.save_draft(
        services_of(request),
        person_of(request),
        _ref(request),
        answers=_answers(form),
        expected_revision=number_in(form, "expected_revision"),
    )
    return go(PATH.format(ref=_ref(request)) + "?done=draft#draft")


async def post_signature(request: Request, form: Sent) -> Response:
    """Sign the draft that was seen."""
    await actions.sign(
        services_of(request),
        person_of(request),
        _ref(request),
        expected_revision=number_in(form, "expected_revision"),
    )
    return go(PATH.format(ref=_ref(request)) + "?done=signed")


async def post_withdrawal(request: Request, form: Sent) -> Response:
    """Take the signature back."""
    await actions.withdraw(
        services_of(request), person_of(request), _ref(request), reason=form["reason"]
    )
    return go(PATH.format(ref=_ref(request)) + "?done=withdrawn")


async def _page(
    request: Request,
    form: Sent | None = None,
    refusal: Refusal | None = None,
    *,
    open_form: str = "",
) -> Response:
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
        "errors": errors_of(request, refusal),
        "code": refusal.code if refusal else "",
        "done": request.query_params.get("done", "") if request.method == "GET" else "",
        "last_event": last_event,
    }
    return services.pages.render(request, "measures/commitment.html", context)


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
    posted(PATH, post_draft, partial(_page, open_form="draft"), plain=is_out_of_sight),
    posted(
        PATH + "/signature", post_signature, partial(_page, open_form="sign"), plain=is_out_of_sight
    ),
    posted(
        PATH + "/withdrawal",
        post_withdrawal,
        partial(_page, open_form="withdraw"),
        plain=is_out_of_sight,
    ),
]

"""The forms of what an idea pays into: a statement, a review of it, an answer to a review.

Each has a page of its own. A refused form comes back with everything that was typed; who was
overtaken sees what stands there now beside his own words.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Conflict, NotAllowed, NotFound, Refusal
from collab.process.alignment.statements import Words
from collab.process.permissions import Action
from server.actions.alignment import reviews, statements
from server.actions.cases import Case, open_case
from server.actions.catalogues.today import today
from server.pages.forms import Sent, errors_of, go, person_of, posted
from server.pages.idea.forms import number_in, ref_of
from server.pages.idea.page import FormState, Values, path_of
from server.services import services_of
from server.views.alignment.panel import (
    AlignmentPanel,
    Opinion,
    Stated,
    alignment_panel,
    goal_of,
)
from server.views.prose import prose

FIELDS = ("contribution", "effect", "indicator", "conflict", "verdict", "text")


async def statement_page(request: Request) -> Response:
    """Say what the idea pays into one entry, or change that."""
    return await _statement(request)


async def post_statement(request: Request, form: Sent) -> Response:
    """The statement; or taking it back."""
    ref, key = ref_of(request), request.query_params.get("goal", "")
    services, person = services_of(request), person_of(request)
    expected = number_in(form, "expected_revision")
    if form["act"] == "withdraw":
        await statements.withdraw(services, person, ref, goal_of(key), expected_revision=expected)
        return go(path_of(ref, "alignment"))
    words = Words(form["contribution"], form["effect"], form["indicator"], form["conflict"])
    await statements.state(services, person, ref, goal_of(key), words, expected_revision=expected)
    return go(path_of(ref, f"statement-{key}"))


async def review_page(request: Request) -> Response:
    """Say what one holds of a statement."""
    return await _review(request)


async def post_review(request: Request, form: Sent) -> Response:
    """One's own review."""
    ref, key = ref_of(request), request.query_params.get("goal", "")
    await reviews.review(
        services_of(request),
        person_of(request),
        ref,
        goal_of(key),
        revision=number_in(form, "revision"),
        verdict=form["verdict"],
        text=form["text"],
    )
    return go(path_of(ref, f"statement-{key}"))


async def answer_page(request: Request) -> Response:
    """Answer a doubt or a question."""
    return await _answer(request)


async def post_answer(request: Request, form: Sent) -> Response:
    """The team's answer."""
    ref = ref_of(request)
    found = await reviews.answer(
        services_of(request), person_of(request), ref, _review_id(request), text=form["text"]
    )
    return go(path_of(ref, f"statement-{found.catalogue_id}.{found.entry_id}"))


async def _statement(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    case, panel = await _gathered(request, Action.ALIGN)
    key = request.query_params.get("goal", "")
    stated, choice = panel.find(key), panel.choice(key)
    if stated is None and choice is None:
        raise NotFound
    context = {
        "stated": stated,
        "entry": stated.entry if stated else choice[1] if choice else None,
        "expected": stated.row.revision if stated else 0,
        "key": key,
    }
    return _page(request, "alignment/statement.html", case, context, form, refusal)


async def _review(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    case, panel = await _gathered(request, Action.REVIEW_ALIGNMENT)
    stated = panel.find(request.query_params.get("goal", ""))
    if stated is None:
        raise NotFound("statement-unknown")
    if not panel.may_review:
        raise NotAllowed("reviewer-in-team")
    return _page(request, "alignment/review.html", case, {"stated": stated}, form, refusal)


async def _answer(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    case, panel = await _gathered(request, Action.ALIGN)
    stated, opinion = _found(panel, _review_id(request))
    context = {"stated": stated, "opinion_shown": opinion}
    return _page(request, "alignment/answer.html", case, context, form, refusal)


async def _gathered(request: Request, action: Action) -> tuple[Case, AlignmentPanel]:
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, person, ref_of(request), action)
        return case, await alignment_panel(tx, case, today(services))


def _found(panel: AlignmentPanel, review_id: UUID) -> tuple[Stated, Opinion]:
    for stated in panel.stated:
        for opinion in stated.opinions:
            if opinion.row.id == review_id:
                return stated, opinion
    raise NotFound("review-unknown")


def _review_id(request: Request) -> UUID:
    try:
        return UUID(request.query_params.get("review", ""))
    except ValueError:
        raise NotFound("review-unknown") from None


def _page(
    request: Request,
    template: str,
    case: Case,
    context: Mapping[str, Any],
    form: Sent | None,
    refusal: Refusal | None,
) -> Response:
    values = Values({name: form[name] for name in FIELDS}) if form else Values()
    errors = Values(errors_of(request, refusal))
    shown = {
        "idea": case.idea,
        "form": FormState(values=values, errors=errors),
        "is_sent": form is not None,
        "is_overtaken": isinstance(refusal, Conflict),
        "prose": prose,
        **context,
    }
    return services_of(request).pages.render(request, template, shown)


routes = [
    Route("/ideas/{ref}/alignment/statement", statement_page, methods=["GET"]),
    posted("/ideas/{ref}/alignment/statement", post_statement, _statement),
    Route("/ideas/{ref}/alignment/review", review_page, methods=["GET"]),
    posted("/ideas/{ref}/alignment/review", post_review, _review),
    Route("/ideas/{ref}/alignment/answer", answer_page, methods=["GET"]),
    posted("/ideas/{ref}/alignment/answer", post_answer, _answer),
]

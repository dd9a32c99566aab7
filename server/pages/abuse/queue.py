"""The queue of moderation: look at a case, decide it, decide several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.abuse.reports import DECIDED_AT_ONCE_MAX, Ground, Outcome
from collab.process.permissions import Action, require
from server.actions.abuse import deciding
from server.actions.abuse.deciding import Verdict
from server.actions.abuse.figures import moderation_figures
from server.auth.visitor import visitor_of
from server.pages.forms import (
    FORM,
    Sent,
    errors_of,
    go,
    id_in,
    is_out_of_sight,
    person_of,
    posted,
    sent,
)
from server.pages.idea.page import Values
from server.services import services_of
from server.views.abuse.queue import FRAGMENT, items, queue
from storage.abuse import reports

QUEUE: Final = "/moderation"
MANY: Final = f"{QUEUE}/many"
FIELDS_MAX: Final = 4 * DECIDED_AT_ONCE_MAX


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of several; ``refused`` says why nothing did."""

    case_id: UUID
    refused: str = ""


async def index(request: Request) -> Response:
    """Everything that waits."""
    services, person = services_of(request), person_of(request)
    found = await queue(services, person)
    context = {"queue": found, "last_event": found.last_event}
    return services.pages.render(request, "abuse/queue.html", context)


async def fragment(request: Request) -> Response:
    """What waits now, with the rights of who asks."""
    services = services_of(request)
    context = {"queue": await queue(services, visitor_of(request).actor)}
    return services.pages.render(request, "abuse/waiting.html", context)


async def figures_page(request: Request) -> Response:
    """The figures for everybody."""
    services = services_of(request)
    context = {
        "months": await moderation_figures(services),
        "grounds": list(Ground),
        "outcomes": list(Outcome),
    }
    return services.pages.render(request, "abuse/figures.html", context)


async def case_page(request: Request) -> Response:
    """One case, and the form to decide it."""
    return await _case(request)


async def post_decision(request: Request, form: Sent) -> Response:
    """Decide the case."""
    case_id = _case_id(request)
    verdict = Verdict(form["outcome"], form["reason"], form["ground"])
    await deciding.decide(services_of(request), person_of(request), case_id, verdict)
    return go(QUEUE)


async def post_claim(request: Request) -> Response:
    """Look at the case, or no longer."""
    form = await sent(request)
    taken = form["taken"] != "no"
    await deciding.claim(services_of(request), person_of(request), _case_id(request), taken=taken)
    return go(QUEUE)


async def post_many(request: Request, form: Sent) -> Response:
    """The chosen cases with a reason for each, before anything is decided."""
    _checked(form.all("case"))
    return await _many(request, form)


async def post_many_do(request: Request, form: Sent) -> Response:
    """Decide each by itself; what is refused holds up nothing."""
    services, person = services_of(request), person_of(request)
    ids, reasons = form.all("case"), form.all("reason")
    if len(ids) != len(reasons):
        raise Invalid(fields={"reason": "malformed"})
    case_ids = _checked(ids)
    if not all(reason.strip() for reason in reasons):
        raise Invalid(fields={"reason": "empty"})
    results = []
    for case_id, reason in zip(case_ids, reasons, strict=True):
        verdict = Verdict(form["outcome"], reason, form["ground"])
        try:
            await deciding.decide(services, person, case_id, verdict)
            results.append(Result(case_id))
        except Refusal as refusal:
            said = "; ".join(errors_of(request, refusal).values())
            results.append(Result(case_id, said))
    context = {"results": await _with_items(request, results)}
    return services.pages.render(request, "abuse/results.html", context)


async def _case(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person, case_id = services_of(request), person_of(request), _case_id(request)
    require(Action.READ_REPORTS, person)
    async with services.database.read() as tx:
        row = await reports.get(tx, case_id)
        if row is None:
            raise NotFound("report-not-found")
        item = next(iter(await items(tx, person, [row])), None)
    if item is None:
        raise NotFound("report-not-found")
    errors = Values(errors_of(request, refusal))
    names = ("outcome", "ground", "reason")
    context = {
        "item": item,
        "values": {name: form[name] if form else "" for name in names},
        "grounds": list(Ground),
        "errors": errors,
        "winner": refusal.data.get("winner") if refusal else None,
    }
    return services.pages.render(request, "abuse/case.html", context)


async def _many(request: Request, form: Sent, refusal: Refusal | None = None) -> Response:
    """One reason for all as long as they have none each; a faulty choice shows none."""
    services, person = services_of(request), person_of(request)
    require(Action.DECIDE_REPORTS, person)
    ids, reasons = form.all("case"), form.all("reason")
    if len(reasons) != len(ids):
        reasons = [form["reason"]] * len(ids)
    case_ids = _checked(ids) if _fault_of(ids) is None else []
    async with services.database.read() as tx:
        rows = [await reports.get(tx, case_id) for case_id in case_ids]
        found = await items(tx, person, [row for row in rows if row is not None])
    by_id = {str(item.row.id): item for item in found}
    pairs = [
        (by_id[each], reason)
        for each, reason in zip(map(str, case_ids), reasons, strict=False)
        if each in by_id
    ]
    context = {
        "rows": pairs,
        "values": {name: form[name] for name in ("outcome", "ground")},
        "outcomes": list(Outcome),
        "grounds": list(Ground),
        "errors": Values(errors_of(request, refusal)),
    }
    return services.pages.render(request, "abuse/many.html", context)


async def _with_items(request: Request, results: Sequence[Result]) -> list[dict[str, Any]]:
    """The results, each with what it was about."""
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        rows = [await reports.get(tx, each.case_id) for each in results]
        found = await items(tx, person, [row for row in rows if row is not None])
    by_id = {item.row.id: item for item in found}
    return [{"item": by_id.get(each.case_id), "refused": each.refused} for each in results]


def _checked(ids: Sequence[str]) -> list[UUID]:
    """The chosen cases; raises Invalid for none, too many, or one twice."""
    if fault := _fault_of(ids):
        raise Invalid(fields={FORM: fault})
    return [id_in(each, NotFound("report-not-found")) for each in ids]


def _fault_of(ids: Sequence[str]) -> str | None:
    if not ids:
        return "missing"
    return "too-many" if len(ids) > DECIDED_AT_ONCE_MAX or len(set(ids)) != len(ids) else None


def _case_id(request: Request) -> UUID:
    return id_in(str(request.path_params["case_id"]), NotFound("report-not-found"))


routes = [
    Route(QUEUE, index),
    Route(FRAGMENT, fragment),
    Route(f"{QUEUE}/figures", figures_page),
    posted(MANY, post_many, _many, fields_max=FIELDS_MAX),
    posted(f"{MANY}/do", post_many_do, _many, fields_max=FIELDS_MAX),
    Route(f"{QUEUE}/{{case_id}}", case_page),
    posted(f"{QUEUE}/{{case_id}}", post_decision, _case, plain=is_out_of_sight),
    Route(f"{QUEUE}/{{case_id}}/claim", post_claim, methods=["POST"]),
]

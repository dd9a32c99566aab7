"""Moving one idea or many from the board: the question, the act, and what became of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, Refusal
from collab.process.board.prepared import ACTS_MAX, check_many
from server.actions.board import moves as actions
from server.actions.board import prepared
from server.actions.board.moves import Moved
from server.actions.stages import Decision, change_stage
from server.pages.board.forms import back_of, decision_of, refs_in
from server.pages.forms import FORM, Sent, errors_of, go, is_out_of_sight, person_of, posted
from server.services import services_of
from server.views.board.board import path_back
from server.views.board.decisions import decision_lists
from server.views.board.moving import moving, outcome, outcomes
from server.views.board.wish import BOARD

MOVE = f"{BOARD}/move"
FIELDS = ("to", "reason", "reason_code", "list_name")
MANY = f"{BOARD}/many"
FIELDS_MAX = 4 * ACTS_MAX


async def move_page(request: Request) -> Response:
    """Where to, and why? Nothing happens before that is answered."""
    asked = request.query_params
    values = dict.fromkeys(FIELDS, "") | {"to": asked.get("to", "")}
    return await _ask(request, asked.get("ref", ""), path_back(asked.get("back", "")), values)


async def post_move(request: Request, form: Sent) -> Response:
    """The act, or writing it down for later; refused, it keeps what was typed."""
    person, services = person_of(request), services_of(request)
    wanted = decision_of(form["state"], form["to"], form["reason"], form["reason_code"])
    if form["then"] == "prepare":
        await prepared.prepare(services, person, form["list_name"], [wanted])
    else:
        await change_stage(
            services,
            person,
            wanted.ref,
            to=wanted.to,
            expected_revision=wanted.expected_revision,
            seen=wanted.seen,
            reason=wanted.reason,
            reason_code=wanted.reason_code,
        )
    return go(back_of(form))


async def _unmoved(request: Request, form: Sent, refusal: Refusal) -> Response:
    (ref,) = refs_in([form["state"]])
    return await _ask(request, ref, back_of(form), {name: form[name] for name in FIELDS}, refusal)


async def _ask(
    request: Request, ref: str, back: str, values: dict[str, str], refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), person_of(request)
    (found,) = await moving(services, person, [ref])
    errors = errors_of(request, refusal)
    context = {
        "moving": found,
        "outcome": outcome(found.case, values["to"], refusal) if refusal else None,
        "values": values,
        "errors": errors,
        "back": back,
        "lists": [each.name for each in await decision_lists(services, person)],
        "today": _today(services.clock()),
    }
    return services.pages.render(request, "board/move.html", context)


async def post_many(request: Request, form: Sent) -> Response:
    """The chosen ideas with a reason for each, before anything happens."""
    check_many(refs_in(form.all("state")))
    return await _ask_many(request, form)


async def post_many_do(request: Request, form: Sent) -> Response:
    """Do it at each of them, or write it down for later."""
    services, person = services_of(request), person_of(request)
    states, reasons = form.all("state"), form.all("reason")
    if len(states) != len(reasons):
        raise Invalid(fields={"reason": "malformed"})
    wanted = [
        decision_of(state, form["to"], reason, form["reason_code"])
        for state, reason in zip(states, reasons, strict=True)
    ]
    if form["then"] == "prepare":
        name = await prepared.prepare(services, person, form["list_name"], wanted)
        return go(f"{BOARD}/decisions#{anchor_of(name)}")
    results = await actions.move_many(services, person, wanted)
    return await show_results(request, results, wanted, back_of(form))


async def _ask_many(request: Request, form: Sent, refusal: Refusal | None = None) -> Response:
    """One reason for all as long as they have none each."""
    services, person, to = services_of(request), person_of(request), form["to"]
    found = await moving(services, person, refs_in(form.all("state")))
    each_own = form.all("reason")
    reasons = each_own if len(each_own) == len(found) else [form["reason"]] * len(found)
    context = {
        "rows": list(zip(found, reasons, strict=True)),
        "to": to,
        "ways": {each.case.idea.ref: each.way(to) for each in found},
        "targets": {way.target.id: way.target for each in found for way in each.ways},
        "values": {"reason_code": form["reason_code"], "list_name": form["list_name"]},
        "errors": errors_of(request, refusal),
        "back": back_of(form),
        "lists": [each.name for each in await decision_lists(services, person)],
        "today": _today(services.clock()),
    }
    return services.pages.render(request, "board/many.html", context)


async def show_results(
    request: Request, results: Sequence[Moved], wanted: Sequence[Decision], back: str
) -> Response:
    """What became of each; what was refused keeps its reason, so that it can be tried again."""
    services, person = services_of(request), person_of(request)
    reasons = {each.ref: each.reason for each in wanted}
    context = {
        "results": await outcomes(services, person, results),
        "reasons": reasons,
        "back": back,
    }
    return services.pages.render(request, "board/results.html", context)


async def _too_many(request: Request, form: Sent, refusal: Refusal) -> Response:
    """None or too many were chosen."""
    services = services_of(request)
    errors = {FORM: next(iter(errors_of(request, refusal).values()))}
    context = {"errors": errors, "back": back_of(form), "results": [], "reasons": {}}
    return services.pages.render(request, "board/results.html", context)


def anchor_of(list_name: str) -> str:
    """The id of a list on the page of decisions."""
    return "list-" + "".join(char if char.isalnum() else "-" for char in list_name.lower())


def _today(now: datetime) -> str:
    """The name that a new list is offered."""
    return now.astimezone(UTC).date().isoformat()


routes = [
    Route(MOVE, move_page),
    posted(MOVE, post_move, _unmoved, plain=is_out_of_sight),
    posted(MANY, post_many, _too_many),
    posted(f"{MANY}/do", post_many_do, _ask_many, fields_max=FIELDS_MAX),
]

"""Moving an idea to another stage from its page, and what happens when somebody was first."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Conflict, Refusal, Unmet
from server.actions.cases import open_case
from server.actions.stages import change_stage
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, go, is_out_of_sight, person_of, posted
from server.pages.idea.forms import back, number_in, ref_of, refused, values_of, version_in
from server.pages.idea.page import FormState, path_of, show
from server.services import services_of
from server.views.idea.gathering import gather
from server.views.idea.state import next_part
from server.views.ways import conditions

PATH = "/ideas/{ref}/stage"
CONFLICTS = frozenset({"stage-moved", "text-moved", "no-transition"})


async def post_stage(request: Request, form: Sent) -> Response:
    """The official act; refused, it keeps the reason that was typed."""
    ref = ref_of(request)
    await change_stage(
        services_of(request),
        person_of(request),
        ref,
        to=form["to"],
        expected_revision=number_in(form, "expected_revision"),
        seen=version_in(form),
        reason=form["stage_reason"],
    )
    return go(path_of(ref, "stage"))


async def _again(request: Request, form: Sent, refusal: Refusal) -> Response:
    if isinstance(refusal, Unmet):
        return await _lacking(request, refusal, form)
    if isinstance(refusal, Conflict) and refusal.code in CONFLICTS:
        return await _too_late(request, refusal, form)
    return await refused(request, form, refusal, "stage")


async def _lacking(request: Request, refusal: Unmet, form: Sent) -> Response:
    """The page with every open condition in words."""
    async with services_of(request).database.read() as tx:
        case = await open_case(tx, visitor_of(request).actor, ref_of(request))
    found = refusal.data["unmet"]
    assert isinstance(found, list)
    unmet = tuple(conditions(case, found))
    state = FormState(name="stage", values=values_of(form), unmet=unmet)
    return await show(request, state)


async def _too_late(request: Request, refusal: Conflict, form: Sent) -> Response:
    """Who was first and with what, the state now, and the same form for it."""
    services, visitor = services_of(request), visitor_of(request)
    context = await gather(services, visitor, ref_of(request), [next_part])
    context |= {
        "form": FormState(name="stage", values=values_of(form)),
        "text_moved": refusal.code == "text-moved",
        "seen": version_in(form),
        "winner": _winner(refusal, context),
    }
    return services.pages.render(request, "idea/conflict.html", context)


def _winner(refusal: Conflict, context: dict[str, Any]) -> dict[str, Any] | None:
    """The move that was first, with its stage in words."""
    found = refusal.data.get("winner")
    if not isinstance(found, dict):
        return None
    return {
        "name": found["name"],
        "reason": found["reason"],
        "at": datetime.fromisoformat(str(found["at"])),
        "stage": context["process"].stage(str(found["to"])),
    }


routes = [
    Route(PATH, back, methods=["GET"]),
    posted(PATH, post_stage, _again, plain=is_out_of_sight),
]

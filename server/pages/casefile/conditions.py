"""The form that settles a condition, on an idea's page."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from server.actions.casefile import conditions
from server.pages.forms import go, person_of, sent
from server.pages.idea.forms import back, number_in, ref_of, refused
from server.pages.idea.page import path_of
from server.services import services_of

PATH = "/ideas/{ref}/conditions/{dimension}/{handle}"


async def post_settlement(request: Request) -> Response:
    """Say that a condition is met, or why it is accepted."""
    form, ref = await sent(request), ref_of(request)
    try:
        await conditions.settle_condition(
            services_of(request),
            person_of(request),
            ref,
            str(request.path_params["dimension"]),
            str(request.path_params["handle"]),
            state=form["settlement_state"],
            because=form["settlement_because"],
            expected_revision=number_in(form, "expected_revision"),
        )
    except Refusal as refusal:
        renamed = {"state": "settlement_state", "because": "settlement_because"}
        kept = form["settlement_because"]
        return await refused(request, refusal, form, "settlement", renamed, kept=kept)
    return go(path_of(ref, "conditions"))


routes = [
    Route(PATH, back, methods=["GET"]),
    Route(PATH, post_settlement, methods=["POST"]),
]

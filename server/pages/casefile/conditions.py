"""The form that settles a condition, on an idea's page."""

from starlette.requests import Request
from starlette.responses import Response

from server.actions.casefile import conditions
from server.pages.forms import Sent, go, person_of
from server.pages.idea.forms import number_in, page_form, ref_of
from server.pages.idea.page import path_of
from server.services import services_of

PATH = "/ideas/{ref}/conditions/{dimension}/{handle}"
RENAMED = {"state": "settlement_state", "because": "settlement_because"}


async def post_settlement(request: Request, form: Sent) -> Response:
    """Say that a condition is met, or why it is accepted."""
    ref = ref_of(request)
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
    return go(path_of(ref, "conditions"))


routes = page_form(PATH, post_settlement, "settlement", RENAMED)

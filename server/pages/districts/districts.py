"""The page on which a team says where in the city its idea is meant to be."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid
from collab.process.districts.districts import DISTRICTS_MAX
from collab.process.permissions import Action
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.actions.districts.districts import set_districts
from server.errors import status_of
from server.pages.forms import errors_of, go, person_of, sent
from server.pages.idea.forms import ref_of
from server.services import services_of
from server.views.districts.districts import choices
from storage.process.ties import districts

PAGE = "/ideas/{ref}/districts"


async def page(request: Request) -> Response:
    """The districts to choose from."""
    return await _page(request)


async def post(request: Request) -> Response:
    """Let the chosen ones be the districts of the idea."""
    form, ref = await sent(request), ref_of(request)
    wanted = form.all("districts")
    try:
        await set_districts(services_of(request), person_of(request), ref, wanted)
    except Invalid as refusal:
        return await _page(request, refusal, wanted)
    return go(f"/ideas/{ref}")


async def _page(
    request: Request, refusal: Invalid | None = None, wanted: Sequence[str] = ()
) -> Response:
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, person, ref_of(request), Action.SET_DISTRICTS)
        chosen = wanted if refusal else await districts.of_idea(tx, case.idea.id)
        found = await choices(tx, today(services), chosen)
    context = {
        "idea": case.idea,
        "choices": found,
        "most": DISTRICTS_MAX,
        "errors": errors_of(request, refusal) if refusal else {},
    }
    status = status_of(refusal) if refusal else 200
    return services.pages.render(request, "districts/page.html", context, status)


routes = [Route(PAGE, page), Route(PAGE, post, methods=["POST"])]

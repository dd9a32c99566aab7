"""The page on which a team says where in the city its idea is meant to be."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from collab.process.districts.districts import DISTRICTS_MAX
from collab.process.permissions import Action
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.actions.districts.districts import set_districts
from server.pages.forms import Sent, errors_of, go, person_of, posted
from server.pages.idea.forms import ref_of
from server.services import services_of
from server.views.districts.districts import choices
from storage.process.ties import districts

PAGE = "/ideas/{ref}/districts"


async def page(request: Request) -> Response:
    """The districts to choose from."""
    return await _page(request)


async def post(request: Request, form: Sent) -> Response:
    """Let the chosen ones be the districts of the idea."""
    ref, wanted = ref_of(request), form.all("districts")
    await set_districts(services_of(request), person_of(request), ref, wanted)
    return go(f"/ideas/{ref}")


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, person, ref_of(request), Action.SET_DISTRICTS)
        chosen = form.all("districts") if form else await districts.of_idea(tx, case.idea.id)
        found = await choices(tx, today(services), chosen)
    context = {
        "idea": case.idea,
        "choices": found,
        "most": DISTRICTS_MAX,
        "errors": errors_of(request, refusal),
    }
    return services.pages.render(request, "districts/page.html", context)


routes = [Route(PAGE, page), posted(PAGE, post, _page)]

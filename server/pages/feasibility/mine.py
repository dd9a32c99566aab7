"""What is still open for the reader among all judgements."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.pages.forms import person_of
from server.services import services_of
from server.views.feasibility.mine import open_list

PATH = "/judgements"


async def mine_page(request: Request) -> Response:
    """Rounds, requests and judgements for an earlier text; guests are sent to sign in."""
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        found = await open_list(tx, person, services.clock())
    return services.pages.render(request, "feasibility/mine.html", {"open": found})


routes = [Route(PATH, mine_page)]

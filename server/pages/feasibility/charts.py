"""All numbers of an idea's feasibility on a page of their own, weighed as the reader likes."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.process.feasibility.weighting import Weighting
from server.auth.visitor import visitor_of
from server.pages.idea.forms import ref_of
from server.services import services_of
from server.views.idea.charts import charts_part
from server.views.idea.gathering import gather

PATH = "/ideas/{ref}/feasibility"


async def charts_page(request: Request) -> Response:
    """Charts and tables; ``?weighting=`` names the view."""
    services, visitor = services_of(request), visitor_of(request)
    query = request.query_params
    context = await gather(services, visitor, ref_of(request), [charts_part], query)
    context["weightings"] = tuple(Weighting)
    return services.pages.render(request, "feasibility/page.html", context)


routes = [Route(PATH, charts_page)]

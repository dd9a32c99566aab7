"""The page that shows who wrote which passage of a text."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.visitor import visitor_of
from server.pages.idea.forms import ref_of
from server.services import services_of
from server.views.record.authors import authored_text


async def authors_page(request: Request) -> Response:
    """By paragraph; with ``names=1`` by name, for who may know them."""
    services, visitor = services_of(request), visitor_of(request)
    with_names = request.query_params.get("names") == "1"
    version = request.path_params["version"]
    found = await authored_text(
        services, visitor.actor, ref_of(request), version, with_names=with_names
    )
    context = {"idea": found.case.idea, "found": found}
    return services.pages.render(request, "versions/authors.html", context)


routes = [Route("/ideas/{ref}/versions/{version}/authors", authors_page)]

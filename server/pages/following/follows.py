"""What one follows: ideas and searches; the forms of an idea and of the list end here, too."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from server.actions.catalogues.today import today
from server.actions.following.follows import follow, forget_search, save_search
from server.pages.forms import Sent, errors_of, go, id_in, local, person_of, posted, sent
from server.services import services_of
from server.views.following.follows import following
from server.views.following.searches import parameters_of

PAGE: Final = "/following"


async def page(request: Request) -> Response:
    """All that the reader follows, and why."""
    return await _page(request)


async def post_follow(request: Request) -> Response:
    """Follow the idea, or hear of it no more; back to where the button was."""
    form, person, ref = await sent(request), person_of(request), request.path_params["ref"]
    await follow(services_of(request), person, ref, follows_it=form["follow"] == "yes")
    return go(local(form["back"]) if form["back"] else f"/ideas/{ref}")


async def post_search(request: Request, form: Sent) -> Response:
    """Remember a search of the list."""
    person = person_of(request)
    parameters = parameters_of(form["parameters"])
    await save_search(services_of(request), person, parameters, alert=form["alert"] != "no")
    return go(f"{PAGE}#searches")


async def post_forget(request: Request) -> Response:
    """Forget a search."""
    person = person_of(request)
    search_id = id_in(request.path_params["search_id"], NotFound())
    await forget_search(services_of(request), person, search_id)
    return go(f"{PAGE}#searches")


async def _page(
    request: Request, _form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        found = await following(tx, person, today(services))
    errors = errors_of(request, refusal)
    context = {"found": found, "errors": errors}
    return services.pages.render(request, "following/follows.html", context)


routes = [
    Route(PAGE, page),
    posted(f"{PAGE}/searches", post_search, _page),
    Route(f"{PAGE}/searches/{{search_id}}/forget", post_forget, methods=["POST"]),
    Route("/ideas/{ref}/follow", post_follow, methods=["POST"]),
]

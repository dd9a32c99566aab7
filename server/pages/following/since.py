"""The page that tells what happened at an idea meanwhile, and what its reader sees live."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.actions.following.looking import look, saw
from server.auth.visitor import visitor_of
from server.pages.forms import number_in, person_of, sent
from server.services import services_of
from server.views.following.since import since_then
from server.views.prose import prose
from server.views.record.sides import by_section


async def since_page(request: Request) -> Response:
    """Text by words, then what was decided and done, then what was said; now he has seen it."""
    services, person, ref = services_of(request), person_of(request), request.path_params["ref"]
    found = await since_then(services, visitor_of(request), ref)
    if found.there is not None and visitor_of(request).via == "cookie":
        idea_id = found.case.idea.id
        assert person.person_id is not None
        await look(services, person.person_id, idea_id, found.there, has_news=found.is_any)
    context = {
        "idea": found.case.idea,
        "found": found,
        "steps": found.steps,
        "is_brief": False,
        "sections": by_section(found.difference, found.case.template) if found.difference else [],
        "prose": prose,
    }
    return services.pages.render(request, "following/since.html", context)


async def post_seen(request: Request) -> Response:
    """The open page says up to which event its reader has seen it; there is nothing to show."""
    form, person = await sent(request), person_of(request)
    event = number_in(form["event"]) or 0
    await saw(services_of(request), person, request.path_params["ref"], event)
    return Response(status_code=204)


routes = [
    Route("/ideas/{ref}/since", since_page),
    Route("/ideas/{ref}/seen", post_seen, methods=["POST"]),
]

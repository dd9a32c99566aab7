"""Ideas like this one: link them, or say that the hint is none."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.process.linking.links import LinkKind
from collab.process.permissions import Action
from server.actions.similar.finding import similar_ideas
from server.actions.similar.keeping import dismiss
from server.auth.visitor import visitor_of
from server.pages.forms import go, person_of, sent
from server.pages.idea.forms import ref_of
from server.services import services_of
from server.views.arena.cards import stage_of

PATH = "/ideas/{ref}/similar"


async def page(request: Request) -> Response:
    """The hints, with the ways to link each."""
    services, actor = services_of(request), visitor_of(request).actor
    case, hits = await similar_ideas(services, actor, ref_of(request))
    context = {
        "idea": case.idea,
        "similar": [{"hit": hit, "stage": stage_of(hit.stage)} for hit in hits],
        "kinds": [LinkKind.COMPLEMENTS, LinkKind.BUILDS_ON, LinkKind.ANSWERS],
        "may_link": case.may(Action.LINK_IDEAS),
        "may_merge": case.may(Action.PROPOSE_MERGE),
        "may_dismiss": case.may(Action.DISMISS_HINT),
    }
    return services.pages.render(request, "linking/similar.html", context)


async def post_dismiss(request: Request) -> Response:
    """Do not point to that idea again."""
    form, ref = await sent(request), ref_of(request)
    await dismiss(services_of(request), person_of(request), ref, form["other"])
    return go(PATH.format(ref=ref))


routes = [
    Route(PATH, page),
    Route(PATH, post_dismiss, methods=["POST"]),
]

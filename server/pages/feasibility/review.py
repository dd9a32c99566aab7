"""The page on which somebody keeps, changes or takes back a judgement of an earlier text."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from collab.process.permissions import Action
from server.actions.feasibility import judgements
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, person_of, posted, sent
from server.pages.idea.forms import ref_of, version_in
from server.pages.idea.page import path_of
from server.services import services_of
from server.views.feasibility.review import review
from server.views.prose import prose

PATH = "/ideas/{ref}/judgements/{dimension}"
REVIEW = PATH + "/review"


async def review_page(request: Request) -> Response:
    """What the person judged beside what stands there now."""
    return await _show(request)


async def post_keep(request: Request, form: Sent) -> Response:
    """Keep the judgement for the text that the page showed."""
    services, person = services_of(request), person_of(request)
    ref, dimension = ref_of(request), _dimension(request)
    await judgements.keep(services, person, ref, dimension, seen=version_in(form))
    return go(path_of(ref, "judgements"))


async def post_withdrawal(request: Request) -> Response:
    """Take the judgement back."""
    await sent(request)
    services, person = services_of(request), person_of(request)
    await judgements.withdraw(services, person, ref_of(request), _dimension(request))
    return go(path_of(ref_of(request), "judgements"))


async def back(request: Request) -> Response:
    """A reload or another language after a refused form."""
    return go(REVIEW.format(ref=ref_of(request), dimension=_dimension(request)))


async def _show(
    request: Request, _form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, actor = services_of(request), visitor_of(request).actor
    found = await review(services, actor, ref_of(request), _dimension(request), services.clock())
    context = {
        "idea": found.case.idea,
        "review": found,
        "prose": prose,
        "may_judge": found.case.may(Action.JUDGE),
        "errors": errors_of(request, refusal),
        "action": PATH.format(ref=found.case.idea.ref, dimension=found.dimension.id),
    }
    return services.pages.render(request, "feasibility/review.html", context)


def _dimension(request: Request) -> str:
    name = str(request.path_params["dimension"])
    if not name.isascii() or not name.replace("_", "").isalnum():
        raise NotFound
    return name


routes = [
    Route(REVIEW, review_page),
    Route(PATH + "/keep", back, methods=["GET"]),
    posted(PATH + "/keep", post_keep, _show),
    Route(PATH + "/withdraw", back, methods=["GET"]),
    Route(PATH + "/withdraw", post_withdrawal, methods=["POST"]),
]

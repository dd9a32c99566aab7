"""The page of an official act with its reasons, and taking it back."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from collab.process.permissions import Action
from collab.process.seam.statement import load_statements
from server.actions.cases import open_case
from server.actions.seam.undo import undo_act
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, is_out_of_sight, person_of, posted
from server.pages.idea.forms import NUMBER_DIGITS_MAX, ref_of
from server.pages.idea.page import PATH, Values, path_of
from server.services import services_of
from server.views.prose import prose
from server.views.seam.acts import act_view, undoing
from server.views.stage_line import moves
from storage import stages


async def act_page(request: Request) -> Response:
    """What was decided, by whom, why, on which text, what would help, how to object."""
    services, revision = services_of(request), revision_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor_of(request).actor, ref_of(request))
        act = await act_view(tx, case, revision)
    context = {"idea": case.idea, "act": act, "texts": load_statements(), "prose": prose}
    return services.pages.render(request, "idea/act.html", context)


async def undo_page(request: Request) -> Response:
    """What would be taken back, until when, and the form for it."""
    return await _undo_page(request)


async def post_undo(request: Request, form: Sent) -> Response:
    """Take the act back; refused, the reason that was typed is still there."""
    ref = ref_of(request)
    await undo_act(
        services_of(request),
        person_of(request),
        ref,
        revision_of(request),
        reason=form["undo_reason"],
    )
    return go(path_of(ref, "stage"))


async def _undo_page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    """The form; if the act cannot be undone any more it says so and keeps the words."""
    services, revision, actor = services_of(request), revision_of(request), person_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref_of(request), Action.CHANGE_STAGE)
        history = await stages.history(tx, case.idea.id)
    done = next((each for each in history if each.revision == revision), None)
    if done is None:
        raise NotFound
    found = undoing(case, history, services.clock())
    context = {
        "idea": case.idea,
        "move": moves(case.process, [done])[0],
        "undoing": found if found and found.revision == revision else None,
        "values": Values({"undo_reason": form["undo_reason"] if form else ""}),
        "errors": Values(errors_of(request, refusal, {"reason": "undo_reason"})),
    }
    return services.pages.render(request, "idea/undo.html", context)


def revision_of(request: Request) -> int:
    """The revision in the path."""
    text = request.path_params["revision"]
    if not text.isdecimal() or len(text) > NUMBER_DIGITS_MAX:
        raise NotFound
    return int(text)


routes = [
    Route(PATH + "/acts/{revision}", act_page),
    Route(PATH + "/acts/{revision}/undo", undo_page),
    posted(PATH + "/acts/{revision}/undo", post_undo, _undo_page, plain=is_out_of_sight),
]

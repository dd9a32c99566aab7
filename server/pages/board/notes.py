"""The page of the internal notes on an idea."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.process.permissions import Action
from server.actions.board.notes import open_notes, read_notes
from server.auth.visitor import visitor_of
from server.pages.forms import go, person_of
from server.pages.idea.forms import ref_of
from server.services import services_of
from server.views.board.notes import notes_view

PATH = "/ideas/{ref}/notes"


async def notes_page(request: Request) -> Response:
    """The notes, or the way to begin them."""
    services = services_of(request)
    case, notes = await read_notes(services, visitor_of(request).actor, ref_of(request))
    context = {
        "idea": case.idea,
        "stage": case.stage,
        "notes": None if notes is None else await notes_view(services, notes),
        "can_begin": case.may(Action.WRITE_NOTES),
    }
    return services.pages.render(request, "board/notes.html", context)


async def post_notes(request: Request) -> Response:
    """Begin the notes."""
    ref = ref_of(request)
    await open_notes(services_of(request), person_of(request), ref)
    return go(PATH.format(ref=ref))


routes = [Route(PATH, notes_page), Route(PATH, post_notes, methods=["POST"])]

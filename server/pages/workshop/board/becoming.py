"""A note or group becomes an idea, or joins one that there is: the page that asks how."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from collab.process.dossier import TITLE_CHARS_MAX, IdeaKind
from server.actions.workshop.board import becoming
from server.pages.forms import Sent, errors_of, go, person_of, posted
from server.pages.workshop.board.board import NOTE, code_of, note_id_of
from server.services import services_of
from server.views.arena.cards import stage_of
from server.views.workshop.board.board import board_view

PATH = NOTE + "/idea"


async def idea_page(request: Request) -> Response:
    """Ideas like it, and the form for a new one."""
    return await _page(request)


async def post_idea(request: Request, form: Sent) -> Response:
    """Make the idea, or add the note to the one that was chosen."""
    code, note_id = code_of(request), note_id_of(request)
    services, person = services_of(request), person_of(request)
    if form["ref"]:
        ref = await becoming.add_to_idea(services, person, code, note_id, ref=form["ref"])
    else:
        ref = await becoming.make_idea(
            services, person, code, note_id, kind=form["kind"], title=form["title"]
        )
    return go(f"/ideas/{ref}")


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), person_of(request)
    code, note_id = code_of(request), note_id_of(request)
    view = await board_view(services, person, code)
    material = await becoming.read_material(services, person, code, note_id)
    hits = await becoming.like_it(services, material)
    one = view.one(note_id)
    context = {
        "view": view,
        "material": material,
        "idea": one.idea if one else None,
        "similar": [{"hit": hit, "stage": stage_of(hit.stage)} for hit in hits],
        "kinds": list(IdeaKind),
        "kind": form["kind"] if form else IdeaKind.NEED,
        "title": form["title"] if form else material.title[:TITLE_CHARS_MAX],
        "errors": errors_of(request, refusal),
    }
    return services.pages.render(request, "workshop/board/idea.html", context)


routes = [Route(PATH, idea_page), posted(PATH, post_idea, _page)]

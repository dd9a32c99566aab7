"""An idea as PDF, DOCX or Markdown, with the rights of who asks."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from server.auth.visitor import visitor_of
from server.exporting.files.press import Form
from server.pages.files.answers import paper_file
from server.services import services_of
from server.views.files.idea import idea_paper

PLACE = re.compile(r"([0-9]{1,9})\.([0-9]{1,15})")


async def idea_file(request: Request) -> Response:
    """The current text, or with ``?version=epoch.seq`` one that is kept."""
    ref, form = request.path_params["ref"], request.path_params["form"]
    if form not in set(Form):
        raise NotFound
    services, visitor = services_of(request), visitor_of(request)
    place = _place(request.query_params.get("version"))
    paper, version = await idea_paper(services, visitor.actor, ref, visitor.language, place)
    answer = await paper_file(paper, Form(form), f"{ref}-{version.epoch}.{version.seq}")
    answer.headers["Arena-Text-Version"] = f"{version.epoch}.{version.seq}"
    answer.headers["Content-Language"] = visitor.language
    return answer


def _place(asked: str | None) -> tuple[int, int] | None:
    if asked is None:
        return None
    found = PLACE.fullmatch(asked)
    if found is None:
        raise NotFound("text-version-unknown")
    return int(found[1]), int(found[2])


routes = [Route("/ideas/{ref}.{form}", idea_file)]

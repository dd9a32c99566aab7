"""The page that shows what happened at an idea, step by step."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.process.stages import StageAccess
from server.actions.cases import open_case
from server.auth.visitor import visitor_of
from server.services import services_of
from server.views.prose import prose
from server.views.record.steps import SHOWS, timeline

PATH = "/ideas/{ref}/timeline"
NUMBER_DIGITS_MAX = 15


async def timeline_page(request: Request) -> Response:
    """What everybody may know; the team and moderators also what is for them."""
    services, visitor, ref = services_of(request), visitor_of(request), request.path_params["ref"]
    show, before = _show(request), _before(request)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref)
        found = await timeline(tx, case, show, before)
    path = PATH.format(ref=ref)
    context = {
        "idea": case.idea,
        "found": found,
        "shows": [(name, _address(path, name)) for name in SHOWS],
        "newer": _address(path, show) if before else None,
        "older": _address(path, show, found.older) if found.older else None,
        "has_feed": case.stage.access is not StageAccess.PRIVATE,
        "prose": prose,
    }
    return services.pages.render(request, "record/timeline.html", context)


def _show(request: Request) -> str:
    asked = request.query_params.get("show", "")
    return asked if asked in SHOWS else SHOWS[0]


def _before(request: Request) -> int | None:
    asked = request.query_params.get("before", "")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) <= NUMBER_DIGITS_MAX
    return int(asked) if is_number else None


def _address(path: str, show: str, before: int | None = None) -> str:
    asked = ({} if show == SHOWS[0] else {"show": show}) | ({"before": before} if before else {})
    return f"{path}?{urlencode(asked)}" if asked else path


routes = [Route(PATH, timeline_page)]

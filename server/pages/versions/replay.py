"""The page that replays how a text came about, one step at a time."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from collab.sync.comparing.texts import Change
from server.auth.visitor import visitor_of
from server.pages.idea.forms import ref_of
from server.services import services_of
from server.views.record.replay import part_of_day, replay, step_difference
from server.views.record.sides import by_section

PATH = "/ideas/{ref}/versions/replay"
DIGITS_MAX = 4


async def replay_page(request: Request) -> Response:
    """The step that is asked for, else the first one."""
    services, visitor = services_of(request), visitor_of(request)
    found = await replay(services, visitor.actor, ref_of(request))
    number = _number(request.query_params.get("step", "1"))
    context: dict[str, object] = {
        "idea": found.case.idea,
        "found": found,
        "number": number,
        "part_of_day": part_of_day,
    }
    if found.steps:
        difference = await step_difference(services, found, number - 1)
        context |= {
            "step": found.steps[number - 1],
            "difference": difference,
            "has_title": difference.title.change is not Change.SAME,
            "sections": [
                each for each in by_section(difference, found.case.template) if each.is_changed
            ],
        }
    return services.pages.render(request, "versions/replay.html", context)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX):
        raise NotFound("step-unknown")
    return int(text)


routes = [Route(PATH, replay_page)]

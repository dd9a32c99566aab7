"""The page that shows what changed from one version of a text to another."""

from collections import Counter
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.process.permissions import Action
from collab.sync.removal.erase import MARK
from server.auth.visitor import visitor_of
from server.services import services_of
from server.views.record.difference import Compared, compared, kept
from server.views.record.sides import sections_of

PATH = "/ideas/{ref}/versions/{earlier}/diff/{later}"


async def difference_page(request: Request) -> Response:
    """Two versions by section, with what went and what came."""
    services, visitor, asked = services_of(request), visitor_of(request), request.path_params
    found = await compared(services, visitor.actor, asked["ref"], asked["earlier"], asked["later"])
    versions = await kept(services, found.case)
    context = {
        "idea": found.case.idea,
        "found": found,
        "sections": sections_of(found),
        "counts": _counts(found),
        "versions": [(f"{version.epoch}.{version.seq}", at) for version, at in versions],
        "mark": MARK,
        "view": "sides" if request.query_params.get("view") == "sides" else "inline",
        "may_restore": found.case.may(Action.EDIT_TEXT),
    }
    return services.pages.render(request, "record/difference.html", context)


def _counts(found: Compared) -> Counter[str]:
    """How many lines changed in which way, the title among them."""
    lines = chain([found.difference.title], *found.difference.sections.values())
    return Counter(line.change.value for line in lines)


routes = [Route(PATH, difference_page)]

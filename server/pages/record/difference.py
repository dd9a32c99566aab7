"""The page that shows what changed from one version of a text to another."""

from collections import Counter
from itertools import chain
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.sync.comparing.texts import Change
from collab.sync.removal.erase import MARK
from server.auth.visitor import visitor_of
from server.services import services_of
from server.views.record.difference import Compared, compared, kept

PATH = "/ideas/{ref}/versions/{earlier}/diff/{later}"


async def difference_page(request: Request) -> Response:
    """Two versions by section, with what went and what came."""
    services, visitor, asked = services_of(request), visitor_of(request), request.path_params
    found = await compared(services, visitor.actor, asked["ref"], asked["earlier"], asked["later"])
    versions = await kept(services, found.case)
    context = {
        "idea": found.case.idea,
        "found": found,
        "sections": _sections(found),
        "counts": _counts(found),
        "versions": [(f"{version.epoch}.{version.seq}", at) for version, at in versions],
        "mark": MARK,
    }
    return services.pages.render(request, "record/difference.html", context)


def _sections(found: Compared) -> list[dict[str, Any]]:
    """The sections in the template's order, each with its lines and whether anything changed."""
    lines = found.difference.sections
    labels = {section.id: section.label for section in found.case.template.sections}
    names = [name for name in labels if name in lines]
    names += [name for name in lines if name not in labels]
    return [
        {
            "id": name,
            "label": labels.get(name),
            "lines": lines[name],
            "is_changed": any(line.change is not Change.SAME for line in lines[name]),
        }
        for name in names
        if lines[name]
    ]


def _counts(found: Compared) -> Counter[str]:
    """How many lines changed in which way, the title among them."""
    lines = chain([found.difference.title], *found.difference.sections.values())
    return Counter(line.change.value for line in lines)


routes = [Route(PATH, difference_page)]

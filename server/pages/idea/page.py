"""The page of an idea, and the pinned versions of its text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from collab.process.following.visits import Point
from collab.sync.removal.erase import MARK
from server.actions.following.looking import note_look
from server.auth.device import keep_on_device
from server.auth.visitor import visitor_of
from server.services import services_of
from server.views.dossier import pinned_dossier
from server.views.idea.gathering import gather
from server.views.idea.whole import WHOLE_PAGE
from server.views.ways import Condition

PATH = "/ideas/{ref}"


class Values(dict[str, str]):
    """Values or errors of a form by field; what is absent is empty."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class FormState:
    """What was sent with a form that was refused, and why; ``name`` is the form's."""

    name: str = ""
    values: Values = field(default_factory=Values)
    errors: Values = field(default_factory=Values)
    unmet: tuple[Condition, ...] = ()


def path_of(ref: str, anchor: str = "") -> str:
    """The address of an idea's page."""
    return PATH.format(ref=ref) + (f"#{anchor}" if anchor else "")


async def idea_page(request: Request) -> Response:
    """Text, stage, feasibility, team and comments of one idea; whoever sees it has seen it."""
    context = await _context(request)
    person_id, came = visitor_of(request).actor.person_id, context["came"]
    if person_id is not None and came is not None:
        services, idea = services_of(request), context["idea"]
        there = Point(context["last_event"], context["dossier"].version, services.clock())
        if not context["dossier"].unreadable:
            has_news = context["since"] is not None
            await note_look(services, person_id, idea.id, there, came, has_news=has_news)
    page = _rendered(request, context)
    return keep_on_device(page) if context["access"] == "write" else page


async def show(request: Request, form: FormState) -> Response:
    """The page with the refused form, which is open and says what is wrong."""
    return _rendered(request, await _context(request), form)


async def _context(request: Request) -> dict[str, Any]:
    services, visitor, query = services_of(request), visitor_of(request), request.query_params
    return await gather(services, visitor, request.path_params["ref"], WHOLE_PAGE, query)


def _rendered(request: Request, context: dict[str, Any], form: FormState | None = None) -> Response:
    shown = {**context, **_open(request.query_params, form)}
    return services_of(request).pages.render(request, "idea/page.html", shown)


async def pinned_page(request: Request) -> Response:
    """The exact text that an act or a judgement is bound to."""
    services, visitor = services_of(request), visitor_of(request)
    epoch, _, seq = request.path_params["version"].partition(".")
    if not (epoch.isdecimal() and seq.isdecimal() and len(epoch) < 10 and len(seq) < 16):
        raise NotFound
    case, dossier, row = await pinned_dossier(
        services, visitor.actor, request.path_params["ref"], int(epoch), int(seq)
    )
    context = {
        "idea": case.idea,
        "dossier": dossier,
        "at": row.at,
        "redacted_at": row.redacted_at,
        "mark": MARK,
    }
    return services.pages.render(request, "idea/pinned.html", context)


def _open(query: Mapping[str, str], form: FormState | None) -> dict[str, Any]:
    """Which form stands open: the refused one, or the one a link asked for."""
    return {
        "form": form or FormState(),
        "open_form": "judgement" if "dimension" in query else "",
    }


routes = [
    Route(PATH, idea_page),
    Route(PATH + "/versions/{version}", pinned_page),
]

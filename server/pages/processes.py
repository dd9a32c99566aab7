"""The ways ideas go, for everybody: all processes, and each with its map and its rules."""

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from collab.process.evidence import load_evidence
from collab.process.processes import current_processes
from collab.process.stages import Transition
from server.auth.visitor import visitor_of
from server.services import services_of
from server.views.process.map import process_map, shapes


async def index(request: Request) -> Response:
    """All processes."""
    context = {"processes": current_processes()}
    return services_of(request).pages.render(request, "process/index.html", context)


async def page(request: Request) -> Response:
    """One process: its map, its stages, and who may do what under which conditions."""
    process = next(
        (each for each in current_processes() if each.id == request.path_params["process_id"]),
        None,
    )
    if process is None:
        raise NotFound
    found = process_map(process, visitor_of(request).language)
    ways: dict[str, list[Transition]] = {}
    for way in process.transitions:
        ways.setdefault(way.id, []).append(way)
    context = {
        "process": process,
        "ways": list(ways.values()),
        "map": found,
        "shapes": Markup(shapes(found)),
        "evidence": load_evidence(),
    }
    return services_of(request).pages.render(request, "process/page.html", context)


routes = [
    Route("/processes", index, methods=["GET"]),
    Route("/processes/{process_id}", page, methods=["GET"]),
]

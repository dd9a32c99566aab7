"""The harvest as files, for whoever may read it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from server.auth.visitor import visitor_of
from server.exporting.files.press import Form
from server.pages.files.answers import CALENDAR, CSV, laid_down, paper_file
from server.pages.workshop.harvest.page import PATH, code_of
from server.services import services_of
from server.views.workshop.harvest.papers import HarvestFiles
from server.views.workshop.harvest.reading import harvest_view

ICS = "ics"


async def harvest_file(request: Request) -> Response:
    """All of it as a paper, or the next date for calendars."""
    form = request.path_params["form"]
    if form not in {*Form, ICS}:
        raise NotFound
    name, files = await _files(request)
    if form == ICS:
        return laid_down(files.meeting(), CALENDAR, f"{name}.{ICS}")
    return await paper_file(files.paper(), Form(form), name)


async def points_file(request: Request) -> Response:
    """The points as a sheet."""
    name, files = await _files(request)
    return laid_down(files.points_sheet(), CSV, f"{name}-points.csv")


async def ideas_file(request: Request) -> Response:
    """The ideas as a sheet."""
    name, files = await _files(request)
    return laid_down(files.ideas_sheet(), CSV, f"{name}-ideas.csv")


async def _files(request: Request) -> tuple[str, HarvestFiles]:
    services, visitor = services_of(request), visitor_of(request)
    view = await harvest_view(services, visitor.actor, code_of(request))
    return f"harvest-{view.workshop.code}", HarvestFiles(services, view, visitor.language)


routes = [
    Route(PATH + ".{form}", harvest_file),
    Route(PATH + "/points.csv", points_file),
    Route(PATH + "/ideas.csv", ideas_file),
]

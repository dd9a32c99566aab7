"""The page on which people write the minutes of a workshop together."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.actions.workshop.places import enter_workshop
from server.auth.device import keep_on_device
from server.auth.visitor import visitor_of
from server.pages.workshop.harvest.page import code_of
from server.services import services_of
from server.views.workshop.harvest.minutes import minutes_view

PATH = "/w/{code}/minutes"


async def minutes_page(request: Request) -> Response:
    """The minutes with their editor, for those who take part."""
    services = services_of(request)
    async with services.database.read() as tx:
        place = await enter_workshop(tx, visitor_of(request).actor, code_of(request))
    context = {"workshop": place.workshop, "minutes": await minutes_view(services, place)}
    page = services.pages.render(request, "workshop/harvest/minutes.html", context)
    return keep_on_device(page)


routes = [Route(PATH, minutes_page)]

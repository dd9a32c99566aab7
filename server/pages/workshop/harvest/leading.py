"""What those who lead an evening do with its harvest."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.actions.workshop.harvest.handing import hand_over
from server.actions.workshop.harvest.leading import add_idea, publish, set_meeting
from server.pages.forms import Sent, go, person_of, posted
from server.pages.workshop.harvest.page import PATH, back, code_of, place_of, shown
from server.services import services_of


async def post_meeting(request: Request, form: Sent) -> Response:
    """Say when and where people meet again."""
    fields = {name: form[name] for name in ("day", "begins", "ends", "place")}
    await set_meeting(services_of(request), person_of(request), code_of(request), **fields)
    return go(f"{place_of(request)}#meeting")


async def post_idea(request: Request, form: Sent) -> Response:
    """Note that an idea was worked on here."""
    await add_idea(services_of(request), person_of(request), code_of(request), form["idea"])
    return go(f"{place_of(request)}#ideas")


async def post_publication(request: Request, form: Sent) -> Response:
    """Let everybody read the harvest, or only those who were there."""
    is_public = form["public"] == "yes"
    await publish(services_of(request), person_of(request), code_of(request), is_public=is_public)
    return go(f"{place_of(request)}#reading")


async def post_handover(request: Request, _form: Sent) -> Response:
    """Hand all tasks over to their ideas, and keep their texts."""
    handed = await hand_over(services_of(request), person_of(request), code_of(request))
    return go(f"{place_of(request)}?handed={handed.tasks}&left={len(handed.left)}#handover")


routes = [
    route
    for path, post in (
        (PATH + "/meeting", post_meeting),
        (PATH + "/ideas", post_idea),
        (PATH + "/publication", post_publication),
        (PATH + "/handover", post_handover),
    )
    for route in (Route(path, back, methods=["GET"]), posted(path, post, shown))
]

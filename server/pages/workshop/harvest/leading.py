"""What those who lead an evening do with its harvest."""

from collections.abc import Awaitable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from server.actions.workshop.harvest.handing import hand_over
from server.actions.workshop.harvest.leading import add_idea, publish, set_meeting
from server.pages.forms import Sent, go, is_plain, person_of, sent
from server.pages.workshop.harvest.page import PATH, back, code_of, place_of, shown
from server.services import services_of


async def post_meeting(request: Request) -> Response:
    """Say when and where people meet again."""
    form = await sent(request)
    fields = {name: form[name] for name in ("day", "begins", "ends", "place")}
    act = set_meeting(services_of(request), person_of(request), code_of(request), **fields)
    return await _done(request, form, act, "#meeting")


async def post_idea(request: Request) -> Response:
    """Note that an idea was worked on here."""
    form = await sent(request)
    act = add_idea(services_of(request), person_of(request), code_of(request), form["idea"])
    return await _done(request, form, act, "#ideas")


async def post_publication(request: Request) -> Response:
    """Let everybody read the harvest, or only those who were there."""
    form = await sent(request)
    is_public = form["public"] == "yes"
    act = publish(services_of(request), person_of(request), code_of(request), is_public=is_public)
    return await _done(request, form, act, "#reading")


async def post_handover(request: Request) -> Response:
    """Hand all tasks over to their ideas, and keep their texts."""
    handed = await hand_over(services_of(request), person_of(request), code_of(request))
    return go(f"{place_of(request)}?handed={handed.tasks}&left={len(handed.left)}#handover")


async def _done(request: Request, form: Sent, act: Awaitable[None], at: str) -> Response:
    try:
        await act
    except Refusal as refusal:
        if is_plain(refusal):
            raise
        return await shown(request, refusal=refusal, form=form)
    return go(place_of(request) + at)


routes = [
    route
    for path, post in (
        (PATH + "/meeting", post_meeting),
        (PATH + "/ideas", post_idea),
        (PATH + "/publication", post_publication),
        (PATH + "/handover", post_handover),
    )
    for route in (Route(path, back, methods=["GET"]), Route(path, post, methods=["POST"]))
]

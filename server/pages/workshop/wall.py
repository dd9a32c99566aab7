"""The wall of a workshop, ``/w/{code}/screen``: for a projector, and for whoever knows the code."""

from functools import lru_cache
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.process.events.gathering.workshops import PARTS, workshop_topic
from server.auth.visitor import visitor_of
from server.pages.forms import caller_of, go
from server.pages.workshop.latest import knows, latest_of, unchanged_or
from server.services import services_of
from server.views.workshop.qr import picture_of
from server.views.workshop.wall import Look, look_from, wall

PATH: Final = "/w/{code}/screen"
SCENE: Final = f"{PATH}/scene"
THEMES: Final = ("light", "dark")


async def wall_page(request: Request) -> Response:
    """The whole page; the scene in it is fetched anew when something has changed."""
    seen = await seen_by(request)
    if request.path_params["code"] != seen.workshop.code:
        return go(PATH.format(code=seen.workshop.code))
    theme = request.query_params.get("theme", "")
    code = seen.workshop.code
    context = {
        "workshop": seen.workshop,
        "scene_html": await _scene(request, seen),
        "fragment": f"{SCENE.format(code=code)}?k={seen.proof}",
        "topics": " ".join(workshop_topic(code, part) for part in PARTS),
        "theme": theme if theme in THEMES else "",
        "themes": THEMES,
    }
    return services_of(request).pages.render(request, "workshop/wall.html", context)


async def scene(request: Request) -> Response:
    """The scene as it is now; 304 for who has it already."""
    seen, language = await seen_by(request), visitor_of(request).language
    stamp = f"{seen.stamp}-{language}"
    if knows(request, stamp):
        return unchanged_or(request, stamp, "")
    return unchanged_or(request, stamp, await _scene(request, seen))


async def seen_by(request: Request) -> Look:
    """What lies behind the wall; codes cannot be tried out without end."""
    code, proof = request.path_params["code"], request.query_params.get("k", "")
    return await look_from(services_of(request), code, caller_of(request).address, proof)


async def _scene(request: Request, seen: Look) -> str:
    services, language = services_of(request), visitor_of(request).language

    async def render() -> str:
        shown = await wall(services, seen)
        context = {"wall": shown, "qr": _code(shown.address) if shown.joins else ""}
        return services.pages.text(request, "workshop/scene.html", context)

    key = ("wall", seen.workshop.code, language)
    return await latest_of(services.database).text(key, seen.stamp, render)


@lru_cache(64)
def _code(address: str) -> Markup:
    return picture_of(address, is_far=True)


routes = [Route(PATH, wall_page), Route(SCENE, scene)]

"""The badge of a recognised measure: a picture to embed, JSON to check, the key to check it with.

Both show the state of the moment: they may be kept, but are asked for anew each time.
"""

import hashlib
import json
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from collab.process.measures.badge import canonical
from server.auth.visitor import visitor_of
from server.badges.content import Ground, badge_of
from server.badges.keys import signer_of
from server.pages.xml import well_formed
from server.services import services_of
from server.views.measures.register import MeasurePage, measure_page

KEYS: Final = "/.well-known/arena-keys.json"
SVG: Final = "image/svg+xml"
EMBEDDABLE: Final = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
PICTURE_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"


async def picture(request: Request) -> Response:
    """The badge as SVG, in words and signs; it asks for nothing else."""
    services = services_of(request)
    found, ground = await _recognised(request)
    context = {"found": found, "recognition": ground.recognition}
    drawn = services.pages.text(request, "measures/badge.svg", context)
    body = well_formed(drawn).encode()
    headers = {
        **EMBEDDABLE,
        "Content-Security-Policy": PICTURE_POLICY,
        "Content-Language": visitor_of(request).language,
        "Vary": "Accept-Language, Cookie",
    }
    return _fresh(request, body, SVG, headers, body)


async def signed(request: Request) -> Response:
    """The badge as signed JSON (docs/badge.md)."""
    services = services_of(request)
    found, ground = await _recognised(request)
    badge = badge_of(found.entry, ground, services.settings.address, services.clock())
    body = json.dumps(signer_of(services.settings).sign(badge), ensure_ascii=False, indent=2)
    # When it was issued is no news: what is said stays the same.
    said = canonical({**badge, "issued_at": None})
    return _fresh(request, body.encode() + b"\n", "application/json", EMBEDDABLE, said)


async def keys(request: Request) -> Response:
    """The public key that badges are checked with, as a key set."""
    body = json.dumps(signer_of(services_of(request).settings).jwks).encode()
    return _fresh(request, body, "application/jwk-set+json", EMBEDDABLE, body)


async def _recognised(request: Request) -> tuple[MeasurePage, Ground]:
    async with services_of(request).database.read() as tx:
        found = await measure_page(tx, str(request.path_params["number"]))
    if found.ground is None:
        raise NotFound("no-badge")
    return found, found.ground


def _fresh(
    request: Request, body: bytes, media: str, headers: dict[str, str], said: bytes
) -> Response:
    """The file, or that the kept one still says the same as ``said``."""
    tag = f'"{hashlib.sha256(said).hexdigest()[:32]}"'
    known = request.headers.get("if-none-match", "")
    if tag in {each.strip().removeprefix("W/") for each in known.split(",")}:
        return Response(status_code=304, headers={**headers, "ETag": tag})
    return Response(body, media_type=media, headers={**headers, "ETag": tag})


routes = [
    Route("/measures/{number}/badge.svg", picture),
    Route("/measures/{number}/badge.json", signed),
    Route(KEYS, keys),
]

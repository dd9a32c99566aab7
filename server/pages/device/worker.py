"""What makes of the pages a thing that one can install and open without a network."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from collab.errors import NotFound
from server.language import LANGUAGES, PARAMETER, Language, language_of
from server.pages.render import ASSETS, Assets
from server.services import services_of
from web.places import DIST

OFFLINE: Final = "/offline"
UNSENT: Final = f"{OFFLINE}/unsent"
WORKER: Final = "worker.ts"
SCRIPT: Final = "text/javascript; charset=utf-8"
FRESH: Final = {"Cache-Control": "no-cache"}
THEME: Final = "#00566b"
GROUND: Final = "#ffffff"
ICONS: Final = (
    ("icon.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-maskable-512.png", "512x512", "image/png", "maskable"),
)


async def worker(request: Request) -> Response:
    """The service worker, which changes with every build: it begins with what it is to keep."""
    script = worker_of(services_of(request).pages.assets, DIST)
    if not script:
        raise NotFound
    return Response(script, headers=FRESH, media_type=SCRIPT)


async def manifest(request: Request) -> Response:
    """What a device shows of Arena once it is installed there."""
    language = language_of(request.path_params["language"])
    if language is None:
        raise NotFound
    pages = services_of(request).pages
    content = manifest_of(pages.assets, language, pages.catalogues[language].gettext)
    return JSONResponse(content, headers=FRESH, media_type="application/manifest+json")


async def touch_icon(request: Request) -> Response:
    """The icon where iOS looks for it, so that no page has to name it."""
    name = services_of(request).pages.assets.url("icon-180.png").removeprefix(f"{ASSETS}/")
    if not name:
        raise NotFound
    return FileResponse(DIST / name, headers=FRESH, media_type="image/png")


async def offline(request: Request) -> Response:
    """What somebody reads who opens a page that the device has not kept."""
    return services_of(request).pages.render(request, "device/offline.html", {"is_unsent": False})


async def unsent(request: Request) -> Response:
    """What somebody reads whose form could not be sent."""
    return services_of(request).pages.render(request, "device/offline.html", {"is_unsent": True})


@cache
def worker_of(assets: Assets, dist: Path) -> str:
    """The script of this build; empty where nothing has been built."""
    source = assets.url(WORKER).removeprefix(f"{ASSETS}/")
    if not source:
        return ""
    shell = {
        "files": sorted(set(assets.every()) - {assets.url(WORKER)}),
        "offline": {each: f"{OFFLINE}?{PARAMETER}={each}" for each in LANGUAGES},
        "unsent": {each: f"{UNSENT}?{PARAMETER}={each}" for each in LANGUAGES},
    }
    return f"self.shell={json.dumps(shell)};\n{(dist / source).read_text(encoding='utf-8')}"


def manifest_of(assets: Assets, language: Language, words: Any) -> dict[str, Any]:
    """Names, icons and ways in, in one language (W3C Web Application Manifest)."""
    return {
        "id": "/",
        "lang": language,
        "dir": "ltr",
        "name": words("Arena der Ideen"),
        "short_name": "Arena",
        "description": words("Offene Werkstatt für Vorhaben der Stadt Berlin"),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": GROUND,
        "icons": [
            {"src": assets.url(name), "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in ICONS
            if assets.url(name)
        ],
        "shortcuts": [
            {"name": words("Meine Ideen"), "url": "/ideas/mine"},
            {"name": words("Dieses Gerät"), "url": "/device"},
        ],
    }


routes = [
    Route("/sw.js", worker),
    Route("/manifest.{language}.webmanifest", manifest),
    Route("/apple-touch-icon.png", touch_icon),
    Route(OFFLINE, offline),
    Route(UNSENT, unsent),
]

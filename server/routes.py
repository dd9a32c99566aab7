"""Every route of Arena, from the modules that own them."""

import re
from collections.abc import Sequence
from types import ModuleType

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from server.api import comments, events, ideas, judgements, people, stages, tickets
from server.api.openapi import openapi_route
from server.api.operation import Operation, api_routes
from server.monitoring import health, metrics
from server.pages import account, arena, sign_in
from server.pages.render import ASSETS
from server.realtime import routes as sockets
from web.places import DIST

API_MODULES: Sequence[ModuleType] = (
    ideas,
    stages,
    comments,
    judgements,
    events,
    people,
    tickets,
)
"""Each has ``operations``."""

PAGE_MODULES: Sequence[ModuleType] = (
    arena,
    sign_in,
    account,
    sockets,
    health,
    metrics,
)
"""Each has ``routes``."""

HASHED_NAME = re.compile(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+(\.map)?$")
FOR_EVER = "public, max-age=31536000, immutable"


class BuiltFiles(StaticFiles):
    """The built scripts and styles; a name with a hash in it never changes its content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_hashed = response.status_code in {200, 304} and HASHED_NAME.search(path)
        response.headers["Cache-Control"] = FOR_EVER if is_hashed else "no-cache"
        return response


def operations() -> list[Operation]:
    """Every operation of the HTTP API."""
    return [each for module in API_MODULES for each in module.operations]


def build_routes() -> list[BaseRoute]:
    """All routes, in the order in which they are tried."""
    pages = [route for module in PAGE_MODULES for route in module.routes]
    files = BuiltFiles(directory=DIST, check_dir=False)
    return [
        *api_routes(operations()),
        openapi_route(operations()),
        *pages,
        Mount(ASSETS, files, name="assets"),
    ]

"""Whether this process lives (``/healthz``) and whether it can work (``/readyz``)."""

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.services import services_of
from storage import migrate
from storage.database import StorageUnavailable
from storage.log import quarantine

log = structlog.get_logger(__name__)


async def healthz(request: Request) -> Response:
    """The process answers; nothing else is claimed."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """The process takes people in, and the database has the tables that this Arena needs."""
    services = services_of(request)
    if services.hub.is_draining:
        return JSONResponse({"status": "draining"}, 503)
    try:
        await migrate.require_current(services.database)
        async with services.database.read() as tx:
            kept_apart = await quarantine.counts(tx)
    except StorageUnavailable as error:
        log.error("not_ready", exc_info=error)
        return JSONResponse({"status": "unavailable", "database": "unavailable"}, 503)
    return JSONResponse({"status": "ok", "database": "ok", **kept_apart})


routes = [Route("/healthz", healthz, name="healthz"), Route("/readyz", readyz, name="readyz")]

"""Whether this process lives (``/healthz``) and whether it can work (``/readyz``).

Proxies ask every second: the answer about the database holds for a second, however many ask.
"""

import asyncio
from collections.abc import Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.realtime.relay.relay import RelayState
from server.services import Services, services_of
from server.starting.same_time import ClockDiffers, SameTime
from storage import migrate
from storage.database import StorageUnavailable
from storage.log import quarantine

HOLDS_S = 1.0
"""For so long nobody tries again whether the database can be written."""

OK = "ok"

log = structlog.get_logger(__name__)


class Readiness:
    """What is ready, one word for each part; found out by reading and writing."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holds_until = 0.0
        self._parts: Mapping[str, str | int] = {}
        self._same_time = SameTime()

    async def parts(self, services: Services) -> Mapping[str, str | int]:
        """The database, its migrations and what is kept apart in it, as of this second."""
        async with self._lock:
            if asyncio.get_running_loop().time() >= self._holds_until:
                self._parts = await _looked_at(services, self._same_time)
                self._holds_until = asyncio.get_running_loop().time() + HOLDS_S
        return self._parts


async def healthz(request: Request) -> Response:
    """The event loop turns and answers; nothing else is claimed."""
    return JSONResponse({"status": OK})


async def readyz(request: Request) -> Response:
    """The process takes people in; the database has the needed tables and can be written.

    A relay that is away is said and is no reason to send people elsewhere: every promise holds
    without it, only news from other nodes come a second later. A node that found out that others
    serve its address from another database takes nobody in.
    """
    services = services_of(request)
    if services.hub.is_draining:
        return JSONResponse({"status": "draining"}, 503)
    relay = RelayState.NONE if services.relay is None else services.relay.state
    parts = await _readiness_of(request).parts(services)
    is_ready = parts.get("clock") == OK and relay is not RelayState.REFUSED
    status = OK if is_ready else "unavailable"
    said = {"status": status, **parts, "relay": relay}
    return JSONResponse(said, 200 if is_ready else 503)


async def _looked_at(services: Services, same_time: SameTime) -> Mapping[str, str | int]:
    """Ask the database, and write something that changes nothing."""
    try:
        async with services.database.read() as tx:
            kept_apart = await quarantine.counts(tx)
    except StorageUnavailable as error:
        log.error("not_ready", part="database", reason=str(error))
        return {"database": "unavailable"}
    try:
        await migrate.require_current(services.database)
    except StorageUnavailable as error:
        log.error("not_ready", part="migrations", reason=str(error))
        return {"database": OK, "migrations": "missing"}
    try:
        await services.database.prove()
    except StorageUnavailable as error:
        log.error("not_ready", part="database", reason=str(error))
        return {"database": "read-only", "migrations": OK}
    try:
        await same_time.demand(services.database)
    except ClockDiffers as error:
        log.error("not_ready", part="clock", reason=str(error))
        return {"database": OK, "migrations": OK, "clock": "differs"}
    except StorageUnavailable as error:
        log.error("not_ready", part="database", reason=str(error))
        return {"database": "unavailable"}
    return {"database": OK, "migrations": OK, "clock": OK, **kept_apart}


def _readiness_of(request: Request) -> Readiness:
    """The one of this process."""
    state = request.app.state
    if not hasattr(state, "readiness"):
        state.readiness = Readiness()
    readiness: Readiness = state.readiness
    return readiness


routes = [Route("/healthz", healthz, name="healthz"), Route("/readyz", readyz, name="readyz")]

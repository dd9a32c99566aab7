"""Whether this process lives (``/healthz``) and whether it can work (``/readyz``)."""

import asyncio

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.realtime.relay.relay import RelayState
from server.services import services_of
from storage import migrate
from storage.database import Database, StorageUnavailable
from storage.log import quarantine

PROOF_S = 1.0
"""For so long nobody tries again whether the database can be written, however many ask."""

log = structlog.get_logger(__name__)


class Proof:
    """That the database can be written, or why not: found out by writing."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holds_until = 0.0
        self._why_not: StorageUnavailable | None = None

    async def demand(self, database: Database) -> None:
        """Return if the database can be written.

        Raises:
            StorageUnavailable: it cannot.
        """
        async with self._lock:
            if asyncio.get_running_loop().time() >= self._holds_until:
                await self._renew(database)
        if self._why_not is not None:
            raise StorageUnavailable(str(self._why_not)) from self._why_not

    async def _renew(self, database: Database) -> None:
        try:
            await database.prove()
            self._why_not = None
        except StorageUnavailable as error:
            self._why_not = error
        self._holds_until = asyncio.get_running_loop().time() + PROOF_S


async def healthz(request: Request) -> Response:
    """The process answers; nothing else is claimed."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """The process takes people in; the database has the needed tables and can be written."""
    services = services_of(request)
    if services.hub.is_draining:
        return JSONResponse({"status": "draining"}, 503)
    relay = RelayState.NONE if services.relay is None else services.relay.state
    try:
        await migrate.require_current(services.database)
        async with services.database.read() as tx:
            kept_apart = await quarantine.counts(tx)
        await _proof_of(request).demand(services.database)
    except StorageUnavailable as error:
        log.error("not_ready", reason=str(error))
        return JSONResponse({"status": "unavailable", "database": "unavailable"}, 503)
    return JSONResponse({"status": "ok", "database": "ok", "relay": relay, **kept_apart})


def _proof_of(request: Request) -> Proof:
    """The one proof of this process."""
    state = request.app.state
    if not hasattr(state, "proof"):
        state.proof = Proof()
    proof: Proof = state.proof
    return proof


routes = [Route("/healthz", healthz, name="healthz"), Route("/readyz", readyz, name="readyz")]

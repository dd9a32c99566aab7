"""The ASGI application of one process, as a value built from its settings."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from collab.errors import Refusal
from server.actions.seam.statements import tell_concerned
from server.auth.limits import Limiter
from server.auth.passwords import Passwords
from server.clock.runner import running_clock
from server.errors import on_fault, on_http_exception, on_outage, on_refusal
from server.mail import mail_of
from server.meaning.nearest import Meanings
from server.middleware.bodies import Measured
from server.middleware.door import Identity, OriginGuard
from server.middleware.faults import Faults
from server.middleware.requests import RequestLog
from server.middleware.security import SecurityHeaders
from server.middleware.traced import Traced
from server.monitoring.log import node_name
from server.monitoring.sampler import sampling
from server.monitoring.tracing.export import tracing
from server.monitoring.tracing.spans import action_span
from server.monitoring.version import VERSION
from server.pages.render import arena_pages
from server.realtime.announce import Announcer
from server.realtime.crash.deaths import report_deaths
from server.realtime.crash.record import Record
from server.realtime.crash.watchdog import watched
from server.realtime.hub import Hub
from server.realtime.live import Live
from server.realtime.open_rooms import NotAdmitted
from server.realtime.relay.wiring import Relaying, connected
from server.realtime.rooms.items import RoomClosed
from server.routes import build_routes
from server.services import Clock, Realtime, Services
from server.settings import Settings
from server.starting.fit import require_fit
from storage.database import Database, StorageUnavailable

GZIP_BYTES_MIN = 1000

RealtimeOf = Callable[[Database, Clock], AbstractAsyncContextManager[Realtime]]
ClockOf = Callable[[Services], AbstractAsyncContextManager[object]]


def utc_now() -> datetime:
    """The clock of the process."""
    return datetime.now(UTC)


@asynccontextmanager
async def running_realtime(
    database: Database,
    clock: Clock,
    record: Record | None = None,
    relaying: Relaying | None = None,
) -> AsyncIterator[Realtime]:
    """Hub, live topics and announcer, running; with a record the process is watched.

    With ``relaying`` it is one of several nodes.
    """
    if record is not None:
        await report_deaths(database, record.path.parent, clock)
    live = Live()
    hub = Hub(database, clock)
    announcer = Announcer(database, live, hub)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(watched(record))
        for part in (hub, announcer):
            await part.start()
            stack.push_async_callback(part.stop)
        relay = None
        if relaying is not None:
            parts = (hub, live, announcer)
            relay = await stack.enter_async_context(connected(relaying, database, clock, parts))
        yield Realtime(hub, live, announcer, relay)


def build_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    realtime: RealtimeOf = running_realtime,
    ticking: ClockOf = running_clock,
    hasher: PasswordHasher | None = None,
) -> Starlette:
    """The application; its lifespan opens the database and starts the rooms."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with tracing(settings, node_name(), VERSION):
            async with _running(app):
                yield

    @asynccontextmanager
    async def _running(app: Starlette) -> AsyncIterator[None]:
        async with (
            running_services(settings, clock, realtime, hasher) as services,
            ticking(services),
            sampling(services) as sampler,
        ):
            services.passwords.prepare()
            app.state.services, app.state.sampler = services, sampler
            await tell_concerned(services)  # of what a process before this one has left untold
            yield

    return Starlette(
        routes=build_routes(),
        middleware=[
            Middleware(RequestLog),
            *([Middleware(Traced)] if settings.otlp_url else []),
            Middleware(SecurityHeaders, is_secure=settings.is_secure),
            Middleware(Faults),
            Middleware(Measured, bytes_max=settings.body_bytes_max),
            Middleware(GZipMiddleware, minimum_size=GZIP_BYTES_MIN, compresslevel=6),
            Middleware(OriginGuard, settings=settings),
            Middleware(Identity),
        ],
        exception_handlers={
            Refusal: on_refusal,
            HTTPException: on_http_exception,
            StorageUnavailable: on_outage,
            RoomClosed: on_outage,
            NotAdmitted: on_outage,
            Exception: on_fault,
        },
        lifespan=lifespan,
    )


@asynccontextmanager
async def running_services(
    settings: Settings,
    clock: Clock = utc_now,
    realtime: RealtimeOf = running_realtime,
    hasher: PasswordHasher | None = None,
) -> AsyncIterator[Services]:
    """What the parts of a process share; alone it serves nobody and does nothing by itself.

    Raises:
        StorageUnavailable: the database is not there, or its tables do not fit.
    """
    mail, passwords = mail_of(settings, clock), Passwords(hasher)
    database = await Database.open(settings.database_url, settings.database_connections)
    database.spanned = action_span
    try:
        await require_fit(database)
        async with realtime(database, clock) as parts:
            services = Services(
                settings=settings,
                database=database,
                clock=clock,
                hub=parts.hub,
                live=parts.live,
                announcer=parts.announcer,
                relay=parts.relay,
                pages=arena_pages(),
                limiter=Limiter(),
                passwords=passwords,
                mail=mail,
                meanings=Meanings(is_on=settings.similar == "meaning"),
            )
            yield services
    finally:
        await mail.close()
        passwords.close()
        await database.close()

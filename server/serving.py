"""Running the application under uvicorn until a signal ends it."""

import errno
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import NoReturn

import uvicorn
from starlette.applications import Starlette

from server.app import build_app, running_realtime
from server.monitoring.log import configure_log
from server.monitoring.tracing.export import demand_packages
from server.network.handshake import Handshake
from server.network.patience import PatientHttp, hear_out
from server.network.wire import MESSAGE_BYTES_MAX
from server.realtime.crash.record import keeping_record
from server.realtime.relay.wiring import relaying_by
from server.settings import Misconfigured, Settings

GRACEFUL_S = 20
BACKLOG = 2048
CONNECTIONS_MAX = 20_000
GC_THRESHOLD = (10_000, 20, 20)


class Server(uvicorn.Server):
    """Uvicorn, telling when it listens and letting the rooms end before the sockets."""

    def __init__(
        self,
        app: Starlette,
        config: uvicorn.Config,
        on_started: Callable[[], None],
        *,
        is_shared: bool = False,
    ) -> None:
        super().__init__(config)
        self._app = app
        self._on_started = on_started
        self._is_shared = is_shared

    def stop_listening(self) -> None:
        """Take no new connections; those in the queue are others' who listen there as well."""
        for server in self.servers:
            server.close()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the rooms commit, acknowledge and say goodbye; then end as uvicorn does."""
        if self._is_shared:
            self.stop_listening()
            await hear_out(self.server_state.connections)
        services = getattr(self._app.state, "services", None)
        if services is not None:
            await services.hub.drain()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            spare_pauses()
            self._on_started()


def spare_pauses() -> None:
    """Keep the cyclic garbage collector from holding up the typing.

    A full collection looks at everything that lives: 150 ms for the code and its tables alone,
    which never become garbage. Those are left out from now on, and young objects are looked at
    in larger lots, because almost all of ours go without the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLD)


def serve(settings: Settings, on_started: Callable[[], None] = lambda: None) -> None:
    """Serve Arena; returns after a signal, once requests and commits have ended.

    Raises:
        Misconfigured: the address cannot be listened on; the message says what to do.
    """
    with listening(settings) as listener:
        serve_on(listener, settings, on_started)


def serve_on(
    listener: socket.socket,
    settings: Settings,
    on_started: Callable[[], None],
    *,
    is_shared: bool = False,
) -> None:
    """``serve`` on a socket; others listen on a shared one, too."""
    configure_log(settings)
    demand_packages(settings)
    with ending_in_order(), keeping_record(settings.var / "crash") as record:
        realtime = partial(running_realtime, record=record, relaying=relaying_by(settings))
        app = build_app(settings, realtime=realtime)
        server = Server(app, config_of(app, settings), on_started, is_shared=is_shared)
        server.run(sockets=[listener])


class _Terminated(BaseException):
    """SIGTERM, on its way through everything that must be left in order."""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let SIGTERM end the process only when the block has been left, as SIGINT does in Python.

    Uvicorn drains and then raises the signal once more, for whoever was asked before it. That
    would be the end at once, and the crash record would be left behind for a dead one's.
    """

    def terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    except _Terminated:
        signal.signal(signal.SIGTERM, before)
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def config_of(app: Starlette, settings: Settings) -> uvicorn.Config:
    """Uvicorn's settings for ``app``: no compression of keystrokes, no name, known proxies only."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        http=PatientHttp,
        ws=Handshake,
        ws_max_size=MESSAGE_BYTES_MAX,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # the wires have their own pulse
        limit_concurrency=CONNECTIONS_MAX,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACEFUL_S,
    )


def listening(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say.

    Raises:
        Misconfigured: the port is taken, forbidden or not of this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Misconfigured(_why_not(error, settings)) from error
    return listener


def _why_not(error: OSError, settings: Settings) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is taken: something already listens on {where}. "
            f"Stop it, or choose another: ARENA_PORT={settings.port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"{where} is not allowed for this user. Choose a port above 1023 with ARENA_PORT."
    return f"Arena cannot listen on {where}: {error.strerror or error}. Check ARENA_HOST."

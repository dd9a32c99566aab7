"""How much one answer of the application costs: processor time and questions to the database."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx2
from sqlalchemy import Engine, event

from server.app import build_app
from server.auth.cookie import cookie_name
from server.clock.runner import LEASE
from server.services import Services
from server.settings import Settings
from storage.cluster import leases
from storage.database import Database

ORIGIN = "http://localhost"
Look = Callable[[int], Awaitable[httpx2.Response]]
"""Asks for a page the n-th time."""


@dataclass(slots=True)
class Statements:
    """The SQL statements that ran while somebody listened."""

    said: list[str] = field(default_factory=list)

    def note(self, *arguments: object) -> None:
        """SQLAlchemy's listener; the third argument is the statement."""
        self.said.append(str(arguments[2]))


@contextmanager
def statements() -> Iterator[Statements]:
    """All statements of all engines until the block ends."""
    found = Statements()
    event.listen(Engine, "before_cursor_execute", found.note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", found.note)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page cost, look by look, in ms; ``queries`` of the look that asked most."""

    cpu_ms: tuple[float, ...]
    wall_ms: tuple[float, ...]
    queries: int

    def cpu(self, share: float) -> float:
        """The processor time that this share of all looks did not exceed."""
        return percentile(self.cpu_ms, share)


def percentile(values: tuple[float, ...], share: float) -> float:
    """The smallest value that at least ``share`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


async def cost(look: Look, *, rounds: int, warm_up: int = 2) -> Cost:
    """Look so often; the first looks compile templates and statements and do not count."""
    cpu, wall, queries = [], [], 0
    for number in range(warm_up + rounds):
        with statements() as heard:
            began, began_cpu = time.perf_counter(), time.process_time()
            answer = await look(number)
            spent, spent_cpu = time.perf_counter() - began, time.process_time() - began_cpu
        if answer.status_code >= 400:
            raise RuntimeError(f"{answer.request.url} answered {answer.status_code}")
        if number >= warm_up:
            cpu.append(spent_cpu * 1000)
            wall.append(spent * 1000)
            queries = max(queries, len(heard.said))
    return Cost(tuple(cpu), tuple(wall), queries)


@asynccontextmanager
async def served(settings: Settings, *, moderator: str, participant: str) -> AsyncIterator[Served]:
    """The application in this process, and those who ask it, two by their sessions' secrets.

    Its clock stands still and its jobs are somebody else's: what they do beside is no cost of a
    page, and an Arena that was filled a moment ago has much that is due.
    """
    now = datetime.now(UTC)
    await _keep_jobs(settings, now)
    app = build_app(settings, clock=lambda: now)
    cookie = cookie_name(settings)
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        transport = httpx2.ASGITransport(app=app)
        clients = [
            await stack.enter_async_context(_client(transport, each))
            for each in ({}, {cookie: participant}, {cookie: moderator})
        ]
        yield Served(app.state.services, *clients)


@dataclass(frozen=True, slots=True)
class Served:
    """The running application, and who asks it."""

    services: Services
    guest: httpx2.AsyncClient
    participant: httpx2.AsyncClient
    moderator: httpx2.AsyncClient


async def _keep_jobs(settings: Settings, now: datetime) -> None:
    """Hold the clock's lease, which ends when time goes on."""
    database = await Database.open(settings.database_url)
    try:
        async with database.write() as tx:
            held = await leases.take(tx, LEASE, "bench", now)
    finally:
        await database.close()
    assert held is not None, "somebody serves this database"


def _client(transport: httpx2.ASGITransport, cookies: dict[str, str]) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}, cookies=cookies
    )

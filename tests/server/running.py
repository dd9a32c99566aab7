"""The real application in the test's own event loop, with a clock that stands until it is moved.

``running(tmp_path)`` migrates a fresh SQLite file and yields an ``Arena``: the services and a
client that speaks ASGI to the application without a network.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx2
from argon2 import PasswordHasher
from starlette.applications import Starlette

from server.app import ClockOf, RealtimeOf, build_app
from server.clock.runner import running_clock
from server.services import Clock, Present, Realtime, Services
from server.settings import Settings, load_settings
from storage import migrate
from storage.database import Database
from storage.events import StoredEvent

ORIGIN = "http://arena.test"
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_migrated: dict[str, bytes] = {}


class StandingClock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class Listener:
    """Stands where the rooms and the announcer stand, and notes what they are told."""

    def __init__(self) -> None:
        self.announced: list[StoredEvent] = []
        self.signed_out: list[str] = []
        self.sent_away: list[UUID] = []
        self.open_documents: dict[UUID, int] = {}
        self.present_people: dict[UUID, list[Present]] = {}
        self.told_people: list[tuple[UUID, str]] = []
        self.judged_again: list[UUID] = []
        self.is_draining = False

    @asynccontextmanager
    async def realtime(self, database: Database, clock: Clock) -> AsyncIterator[Realtime]:
        """The live half of a process without any rooms."""
        yield Realtime(hub=cast("Any", self), live=cast("Any", self), announcer=self)

    async def announce(self, events: Sequence[StoredEvent]) -> None:
        self.announced.extend(events)

    async def revoke_session(self, session_key: str) -> None:
        self.signed_out.append(session_key)

    async def revoke(self, person_id: UUID) -> None:
        self.sent_away.append(person_id)

    def present(self, document_id: UUID) -> Sequence[Present]:
        return self.present_people.get(document_id, [])

    def tell_people(self, people: Collection[UUID], topic: str) -> None:
        self.told_people.extend((person, topic) for person in people)

    def presence(self) -> dict[UUID, int]:
        return self.open_documents

    async def access_changed(self, document_id: UUID) -> None:
        self.judged_again.append(document_id)


@dataclass
class Arena:
    """A running application and what a test needs of it."""

    app: Starlette
    services: Services
    clock: StandingClock
    client: httpx2.AsyncClient
    listener: Listener

    def browser(self, **headers: str) -> httpx2.AsyncClient:
        """A further client with cookies of its own; it sends Origin like a page of ours."""
        return browser(self.app, **headers)


def browser(app: Starlette, **headers: str) -> httpx2.AsyncClient:
    """A client like a browser on one of our own pages."""
    transport = httpx2.ASGITransport(app=app)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.AsyncClient(
        transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN, **named}
    )


async def migrate_into(path: Path) -> None:
    """Make ``path`` a migrated SQLite file; migrations run once per test session."""
    if "sqlite" not in _migrated:
        await migrate.upgrade(f"sqlite:///{path}")
        _migrated["sqlite"] = bytes_of(path)
    _place(path, _migrated["sqlite"])


def bytes_of(path: Path) -> bytes:
    """What the closed SQLite file holds."""
    return path.read_bytes()


def _place(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    for leftover in (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm")):
        leftover.unlink(missing_ok=True)
    path.write_bytes(content)


def settings_in(folder: Path, **overrides: Any) -> Settings:
    """Settings whose files all lie in ``folder``."""
    given = {"database_url": f"sqlite:///{folder / 'arena.db'}", "var": folder, "base_url": ORIGIN}
    given["similar"] = "words"  # tests that want the model say so: it takes seconds to load
    return load_settings(**{**given, **overrides})


def _clock_of(*, is_new: bool) -> ClockOf:
    """The clock; in a new database nothing is due, and looking would cost more than the rest."""
    starts = count()
    return lambda services: running_clock(services, is_begun=next(starts) > 0 or not is_new)


@asynccontextmanager
async def running(
    folder: Path, *, realtime: RealtimeOf | None = None, kept: bytes = b"", **overrides: Any
) -> AsyncIterator[Arena]:
    """The application on a fresh database in ``folder``; ``overrides`` are settings.

    Without ``realtime`` there are no rooms: a ``Listener`` notes what they would be told. With
    ``kept``, a SQLite file, the database begins as that one.
    """
    if kept:
        _place(folder / "arena.db", kept)
    else:
        await migrate_into(folder / "arena.db")
    clock = StandingClock()
    listener = Listener()
    app = build_app(
        settings_in(folder, **overrides),
        clock=clock,
        realtime=realtime or listener.realtime,
        ticking=_clock_of(is_new="database_url" not in overrides),
        hasher=CHEAP_HASHER,
    )
    async with app.router.lifespan_context(app), browser(app) as client:
        yield Arena(app, app.state.services, clock, client, listener)

"""Engines with the settings that Arena's promises rest on."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from storage.engine.native import Holding, Native, NativePostgresql, NativeSqlite
from storage.engine.one_hop import OneHopDriver

BUSY_TIMEOUT_MS = 5_000
# A migration of a big database may hold the lock long; the second process waits for it.
MIGRATION_TIMEOUT_MS = 120_000
READERS_MAX = 8
CONNECTIONS = 20
"""So many a process opens to PostgreSQL at most, unless the settings say otherwise."""
CONNECTIONS_MIN = 8
IDLE_S_MAX = 5
CONNECT_S_MAX = 10.0
STATEMENT_S_MAX = 30.0
"""A PostgreSQL that says nothing for so long counts as away; migrations may take their time."""

SYNCHRONOUS = "FULL"
"""On SQLite a commit returns once the WAL is synced; anything less loses it in a power cut."""

# A server, database or role may default to off: an answered commit could then be lost. The stronger
# ones (remote_apply and the like) are the operator's own affair.
_SYNCHRONOUS_COMMIT = """
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') = 'off';
"""

# A process that is stopped while it holds documents (SIGSTOP, a machine that swaps) is cut off:
# PostgreSQL undoes what it had begun, and the others go on.
_LETS_GO = "SET idle_in_transaction_session_timeout = '{idle_s}s'"


@dataclass(frozen=True, slots=True)
class Shares:
    """How many connections each kind of work opens at most; a process holds no more than all."""

    read: int
    """Pages, lists, files: each sees one moment."""
    write: int
    """Acts, sign-ins, jobs of the clock."""
    holding: int
    """Turns that hold a document at several nodes, and may wait for its lock."""
    group: int = 1
    """Group commits: what is typed at this node."""

    @property
    def all(self) -> int:
        return self.read + self.write + self.holding + self.group


def shares(url: URL, connections: int = CONNECTIONS) -> Shares:
    """How ``connections`` are dealt; SQLite has its own numbers, for it writes one by one."""
    if url.get_backend_name() == "sqlite":
        return Shares(read=READERS_MAX, write=1, holding=0)
    assert connections >= CONNECTIONS_MIN, "nothing may be left without one"
    holding = connections // 5
    rest = connections - holding - 1
    return Shares(read=rest - rest // 2, write=rest // 2, holding=holding)


def writing_engine(url: URL, *, foreign_keys: bool = True, connections_max: int = 1) -> AsyncEngine:
    """The engine for writers: on SQLite one connection and BEGIN IMMEDIATE.

    Without ``foreign_keys`` it is the engine of migrations, which rebuild tables on SQLite.
    """
    if url.get_backend_name() != "sqlite":
        patience_s = STATEMENT_S_MAX if foreign_keys else None
        return _durable(_postgres_engine(url, patience_s, connections_max))
    return _sqlite_engine(
        url, writing_pragmas(foreign_keys=foreign_keys), begin="BEGIN IMMEDIATE", connections_max=1
    )


def holding_writers(url: URL, count: int) -> Holding | None:
    """The connections of turns that hold a document; where only one can write there are none."""
    return Holding([native_writer(url) for _ in range(count)]) if count else None


def native_writer(url: URL, idle_s: int = IDLE_S_MAX) -> Native:
    """The connection of group commits, as durable as every other writer's.

    ``idle_s``: how long it may stay silent while it holds documents.
    """
    if url.get_backend_name() == "sqlite":
        return NativeSqlite(url, writing_pragmas())
    prepare = _SYNCHRONOUS_COMMIT + _LETS_GO.format(idle_s=idle_s)
    return NativePostgresql(url, prepare, _patience(STATEMENT_S_MAX))


def writing_pragmas(*, foreign_keys: bool = True) -> list[str]:
    """How a connection that writes to SQLite is set."""
    timeout_ms = BUSY_TIMEOUT_MS if foreign_keys else MIGRATION_TIMEOUT_MS
    return [
        f"busy_timeout={timeout_ms}",
        "journal_mode=WAL",
        f"synchronous={SYNCHRONOUS}",
        # On macOS a plain fsync leaves the bytes in the drive; elsewhere these mean nothing.
        "fullfsync=ON",
        "checkpoint_fullfsync=ON",
        "wal_autocheckpoint=0",  # storage.engine.checkpoints does it
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
    ]


def reading_engine(
    url: URL, *, is_patient: bool = False, connections_max: int = READERS_MAX
) -> AsyncEngine:
    """The engine for readers: each transaction sees one moment and can write nothing.

    A patient one is for who reads everything and waits however long a statement takes.
    """
    if url.get_backend_name() != "sqlite":
        return _postgres_engine(
            url,
            None if is_patient else STATEMENT_S_MAX,
            connections_max,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
        )
    pragmas = [f"busy_timeout={BUSY_TIMEOUT_MS}", "query_only=ON"]
    return _sqlite_engine(url, pragmas, begin="BEGIN", connections_max=connections_max)


def _postgres_engine(
    url: URL, statement_s_max: float | None, connections_max: int, **options: Any
) -> AsyncEngine:
    """PostgreSQL connections, each tried before it is used and given up when it says nothing."""
    return create_async_engine(
        url,
        pool_size=connections_max,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args=_patience(statement_s_max),
        **options,
    )


def _patience(statement_s_max: float | None) -> dict[str, float | None]:
    """How long asyncpg waits for a server that says nothing."""
    return {"timeout": CONNECT_S_MAX, "command_timeout": statement_s_max}


def _durable(engine: AsyncEngine) -> AsyncEngine:
    """PostgreSQL connections that answer a commit once it is on the disk."""

    @event.listens_for(engine.sync_engine, "connect")
    def _insist(connection: Any, _record: object) -> None:
        # Past SQLAlchemy, which would begin a transaction and undo the setting with it.
        connection.run_async(lambda driver: driver.execute(_SYNCHRONOUS_COMMIT))

    return engine


def _sqlite_engine(
    url: URL, pragmas: list[str], *, begin: str, connections_max: int
) -> AsyncEngine:
    engine = create_async_engine(
        url,
        module=OneHopDriver(),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections_max,
        max_overflow=0,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: it would begin deferred ones, in
        # which two writers that read first lose updates.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine

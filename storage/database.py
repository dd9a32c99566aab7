"""The database as the rest of Arena sees it: one object, reading and writing transactions.

Queries are in the modules named after their topic; each takes a ``Transaction`` first.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from copy import copy
from typing import Any, Literal, Self, TypeVar, cast

from asyncpg import PostgresError
from sqlalchemy import URL, CursorResult, Executable, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from storage.engine.absent import Absent
from storage.engine.address import address, prepare_folder
from storage.engine.checkpoints import Checkpoints
from storage.engine.connect import (
    CONNECTIONS,
    Shares,
    holding_writers,
    native_writer,
    reading_engine,
    shares,
    writing_engine,
)
from storage.engine.demands import demand
from storage.engine.load import Load, Turn
from storage.engine.native import NativeWork, seen_through
from storage.engine.unavailable import StorageUnavailable, explained
from storage.tables.schema import METADATA

__all__ = ["METADATA", "Database", "Dialect", "StorageUnavailable", "Transaction"]

Found = TypeVar("Found")
# Core updates pass by the session: without this a row read twice would keep its old values.
_READ_ANEW = {"populate_existing": True}

_WRONG_STATEMENT = (IntegrityError, ProgrammingError, DataError, NotSupportedError)

Dialect = Literal["sqlite", "postgresql"]
Row = Mapping[str, Any]
Parameters = Row | Sequence[Row]


class Transaction(AsyncSession):
    """One transaction; queries take it as their first argument."""

    _core: AsyncConnection
    answers: dict[Any, Any] | None = None
    """What was answered so far (``storage.engine.once``), where nothing can change meanwhile."""
    absent: Absent | None = None
    """Where those whom this transaction is about are not named (``storage.engine.absent``)."""

    async def start(self) -> None:
        """Begin, and keep the connection: to ask the session for it costs as much as a query."""
        self._core = await self.connection()

    @property
    def dialect(self) -> Dialect:
        return cast("Dialect", self.get_bind().dialect.name)

    async def row(self, query: SelectOfScalar[Found]) -> Found | None:
        """The one row the query finds, or None; read anew, whatever was read before."""
        return (await self.exec(query, execution_options=_READ_ANEW)).one_or_none()

    async def rows(self, query: SelectOfScalar[Found]) -> list[Found]:
        """All rows the query finds, read anew."""
        return list((await self.exec(query, execution_options=_READ_ANEW)).all())

    async def run(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a Core statement; a list of parameters runs it once for each (executemany)."""
        return await self._core.execute(statement, parameters)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT, which each dialect has for itself in the same words."""
        return (sqlite.insert if self.dialect == "sqlite" else postgresql.insert)(table)

    async def insert_new(self, table: Table, values: Row | Sequence[Row]) -> bool:
        """Insert what the table has not yet, by any of its keys; False if it has all of it."""
        new = self.insert(table).values(values).on_conflict_do_nothing()
        return (await self.run(new)).rowcount > 0


Fence = Callable[[Transaction], Awaitable[None]]
"""Raises where nothing may be written any more; what it has read must hold to the commit."""


class Database:
    """Connections to one database; open it once per process and event loop."""

    def __init__(self, url: URL, shares: Shares) -> None:
        self.url = url
        self.shares = shares
        self.load = Load()
        self.spanned: Callable[[], AbstractContextManager[object]] = nullcontext
        """Stands around each writing transaction; for whoever wants to know how long they take."""
        self._native = native_writer(url)
        self._holding = holding_writers(url, shares.holding)
        self._writer = writing_engine(url, connections_max=shares.write)
        self._reader = reading_engine(url, connections_max=shares.read)
        # SQLite has one writer at a time: waiting here is fair, waiting in SQLite is not.
        self._writing = Turn(self.load) if self.dialect == "sqlite" else None
        self._checkpoints = Checkpoints(self._native.checkpoint)
        self._fence: Fence | None = None

    @property
    def dialect(self) -> Dialect:
        return cast("Dialect", self.url.get_backend_name())

    @classmethod
    async def open(cls, url: str, connections: int = CONNECTIONS) -> Self:
        """Connect to ``sqlite:///path`` or ``postgresql://…``; the driver may be left out.

        ``connections``: how many are open to PostgreSQL at most, each once it is needed.

        Raises:
            StorageUnavailable: it cannot be reached or written; the message says what to do.
        """
        target = address(url)
        prepare_folder(target)
        database = cls(target, shares(target, connections))
        try:
            async with database.write() as tx:
                await demand(await tx.connection())
        except StorageUnavailable:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        await self._native.close()
        if self._holding is not None:
            await self._holding.close()
        await self._reader.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that sees one moment of the whole database and can write nothing."""
        if self._writing is None:
            async with self._transaction(self._reader) as tx:
                tx.answers = {}
                yield tx
            return
        async with self._checkpoints.reading(), self._transaction(self._reader) as tx:
            tx.answers = {}
            yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that is durable once the block is left, and undone if it raises."""
        with self.spanned():
            if self._writing is None:
                async with self._transaction(self._writer) as tx:
                    await self._pass_fence(tx)
                    yield tx
                    await seen_through(tx.commit())
                return
            async with self._writing:
                async with self._transaction(self._writer) as tx:
                    await self._pass_fence(tx)
                    yield tx
                    await seen_through(tx.commit())
                await self._checkpoints.committed()

    async def run_natively(self, work: NativeWork[Found]) -> Found:
        """Do ``work`` in a transaction of its own, past SQLAlchemy; durable when this returns.

        Raises:
            StorageUnavailable: the database failed; whether the work is durable is not known.
        """
        assert self._fence is None, "what is fenced is written by write()"
        if self._writing is None:
            return await self._in_native(work)
        async with self._writing:
            done = await self._in_native(work)
            await self._checkpoints.committed()
            return done

    async def hold(self, work: NativeWork[Found]) -> Found:
        """As ``run_natively``, for work that may wait for a lock: nobody else waits behind it.

        Raises:
            StorageUnavailable: the database failed; whether the work is durable is not known.
        """
        return await (self.run_natively(work) if self._holding is None else self._holding.run(work))

    async def prove(self) -> None:
        """Write something that changes nothing, as durably as everything else.

        Raises:
            StorageUnavailable: nothing can be written now.
        """
        async with self.write() as tx:
            await tx.run(text("UPDATE alembic_version SET version_num = version_num"))

    def fenced(self, fence: Fence) -> Self:
        """The same database for somebody whose every transaction begins with ``fence``."""
        view = copy(self)
        view._fence = fence
        return view

    @asynccontextmanager
    async def writing_paused(self) -> AsyncIterator[None]:
        """Where only one can write, nobody of this process does while the block runs."""
        async with self._writing or nullcontext():
            yield

    async def _in_native(self, work: NativeWork[Found]) -> Found:
        self.load.total["write"] += 1
        try:
            done = await self._native.run(work)
        except StorageUnavailable:
            self.load.went_away("write")
            raise
        self.load.is_away["write"] = False
        return done

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[Transaction]:
        """A transaction; a connection through which the database failed is used no more.

        After a failed sync nobody knows what the file system still has to write, and a second
        sync of the same file may say that all is well (https://lwn.net/Articles/752063/).
        """
        tx = Transaction(engine, expire_on_commit=False)
        kind = "read" if engine is self._reader else "write"
        self.load.total[kind] += 1
        self.load.open[kind] += 1
        try:
            await self._begin(tx, kind)
            yield tx
            self.load.is_away[kind] = False
        except DBAPIError as error:
            if is_outage(error) and not (engine is self._reader and _is_refused_write(error)):
                await seen_through(tx.invalidate())
                self.load.went_away(kind)
                raise explained(error, self.url) from error
            self.load.failed += 1
            raise
        except TimeoutError as error:
            await seen_through(tx.invalidate())
            self.load.went_away(kind)
            raise explained(error, self.url) from error
        finally:
            self.load.open[kind] -= 1
            await seen_through(tx.close())

    async def _pass_fence(self, tx: Transaction) -> None:
        if self._fence is not None:
            await self._fence(tx)

    async def _begin(self, tx: Transaction, kind: str) -> None:
        self.load.waiting += 1
        try:
            await tx.start()
        except (OSError, PostgresError, DBAPIError, PoolTimeout) as error:
            self.load.went_away(kind)
            raise explained(error, self.url) from error
        finally:
            self.load.waiting -= 1


def is_outage(error: DBAPIError) -> bool:
    """Whether the database itself failed, as against a statement that is wrong or not allowed."""
    return error.connection_invalidated or not isinstance(error, _WRONG_STATEMENT)


def _is_refused_write(error: DBAPIError) -> bool:
    """Whether something was to be written where only reading is allowed: a bug of ours."""
    return any(word in str(error.orig) for word in ("readonly", "read-only"))

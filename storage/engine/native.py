"""Work that goes past SQLAlchemy: the one transaction that runs for every keystroke.

SQLAlchemy takes 2 to 3 ms of processor time for a group commit, the drivers themselves a tenth.
So group commits have a connection of their own, on which a ``NativeWork`` runs in the dialect of
its engine. After any failure of the database the connection is given up and opened anew: after a
failed sync nobody knows what an old one still believes to be on the disk.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import asyncpg
from sqlalchemy import URL

from storage.engine.unavailable import explained

CLOSE_S_MAX = 5.0

Found = TypeVar("Found", covariant=True)
Result = TypeVar("Result")

_WRONG_STATEMENT = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.NotSupportedError)
_WRONG_QUERY = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.SyntaxOrAccessError,
    asyncpg.DataError,
)


class NativeWork(Protocol[Found]):
    """What is to be done in one transaction, for each engine in its own words."""

    def in_sqlite(self, connection: sqlite3.Connection) -> Found:
        """Runs between BEGIN IMMEDIATE and COMMIT, in the connection's thread."""

    async def in_postgresql(self, connection: Any) -> Found:
        """Runs inside a transaction of an ``asyncpg.Connection``."""


class Native(Protocol):
    """One writing connection."""

    async def run(self, work: NativeWork[Result]) -> Result:
        """Do ``work`` in one transaction; it is durable when this returns.

        Raises:
            StorageUnavailable: the database failed; whether the work is durable is not known.
        """

    async def checkpoint(self) -> None:
        """Move the write-ahead log into the database, where the engine wants to be asked.

        Raises:
            StorageUnavailable: the database failed.
        """

    async def close(self) -> None:
        """Let go of the connection."""


class Holding:
    """So many connections whose transactions may last: each waits for a lock of its own."""

    def __init__(self, connections: Sequence[Native]) -> None:
        self._all = connections
        self._idle = list(connections)
        self._free = asyncio.Semaphore(len(connections))

    async def run(self, work: NativeWork[Result]) -> Result:
        """As ``Native.run``, on the connection that was used last; waits while all are taken."""
        async with self._free:
            connection = self._idle.pop()
            try:
                return await connection.run(work)
            finally:
                self._idle.append(connection)

    async def close(self) -> None:
        for each in self._all:
            await each.close()


class NativeSqlite:
    """A connection in a thread of its own; the caller sees to it that nobody else writes."""

    def __init__(self, url: URL, pragmas: Sequence[str]) -> None:
        self._url = url
        self._pragmas = pragmas
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="group-commit")
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: NativeWork[Result]) -> Result:
        return await self._in_thread(lambda: self._do(work.in_sqlite))

    async def checkpoint(self) -> None:
        await self._in_thread(self._move_log)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._give_up)
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            return await seen_through(loop.run_in_executor(self._thread, work))
        except sqlite3.Error as error:
            if isinstance(error, _WRONG_STATEMENT):
                raise
            raise explained(error, self._url) from error

    def _move_log(self) -> None:
        try:
            connection = self._connection or self._open()
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except BaseException:
            self._give_up()
            raise

    def _do(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            connection = self._connection or self._open()
            connection.execute("BEGIN IMMEDIATE")
            found = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            self._give_up()  # which undoes what was begun
            raise
        return found

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._url.database or "", isolation_level=None)
        self._connection = connection
        for pragma in self._pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _give_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class NativePostgresql:
    """A connection that is opened when it is needed, and anew after each failure."""

    def __init__(self, url: URL, prepare: str, patience: Mapping[str, Any]) -> None:
        """``prepare`` is run on each connection; ``patience`` are asyncpg's time limits."""
        self._url = url
        self._prepare = prepare
        self._patience = patience
        self._connection: Any = None
        self._turn = asyncio.Lock()

    async def run(self, work: NativeWork[Result]) -> Result:
        async with self._turn:
            try:
                return await seen_through(self._do(work))
            except _WRONG_QUERY:
                raise
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                raise explained(error, self._url) from error

    async def checkpoint(self) -> None:
        """PostgreSQL's own checkpointer does it, and stops the server when a sync fails."""

    async def close(self) -> None:
        if self._connection is not None:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await self._connection.close(timeout=CLOSE_S_MAX)

    async def _do(self, work: NativeWork[Result]) -> Result:
        try:
            connection = await self._opened()
            async with connection.transaction():
                return await work.in_postgresql(connection)
        except BaseException:
            self._give_up()
            raise

    async def _opened(self) -> Any:
        if self._connection is None or self._connection.is_closed():
            plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = await asyncpg.connect(plain, **self._patience)
            await self._connection.execute(self._prepare)
        return self._connection

    def _give_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()


async def seen_through(work: Awaitable[Result]) -> Result:
    """The result of ``work``, which goes on to its end also when the caller is cancelled.

    Half-way nobody knows whether the rows are durable, and the connection is of no use.
    """
    # A gathering outlives our own cancellation, and can be awaited again.
    task = asyncio.gather(work)
    cancelled: asyncio.CancelledError | None = None
    try:
        while not task.done():
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError as error:
                # Ours, even when it comes as the work ends; the work itself nobody cancels.
                if not task.cancelled():
                    cancelled = error
        (found,) = await task
    except Exception as error:
        if cancelled is not None:
            raise cancelled from error
        raise
    if cancelled is not None:
        raise cancelled
    return found

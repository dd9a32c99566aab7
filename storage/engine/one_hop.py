"""SQLite with one change of thread for each statement, where aiosqlite needs four.

The connection's thread makes a cursor, executes, fetches and closes in one go. For the small
statements of Arena the changes of thread are most of the cost. Only complete results: there are no
server-side cursors.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import aiosqlite
from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_connection
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import await_only


class OneHopCursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor that exists in the connection's thread only while it executes."""

    __slots__ = ("_description", "_lastrowid", "_rowcount")

    def __init__(self, adapt_connection: AsyncAdapt_dbapi_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._description: Any = None
        self._rowcount = -1
        self._lastrowid = 0

    @property
    def description(self) -> Any:
        return self._description

    @property
    def rowcount(self) -> int:
        return self._rowcount

    @property
    def lastrowid(self) -> int:
        return self._lastrowid

    async def _async_soft_close(self) -> None:
        """There is nothing left to close."""

    def close(self) -> None:
        self._rows.clear()

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        return self._run(lambda cursor: cursor.execute(operation, parameters or ()))

    def executemany(self, operation: Any, seq_of_parameters: Sequence[Any]) -> Any:
        return self._run(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    def _run(self, work: Callable[[sqlite3.Cursor], object]) -> None:
        connection = self._connection._conn

        def in_thread() -> tuple[Any, list[Any], int, int | None]:
            cursor = connection.cursor()
            try:
                work(cursor)
                rows = cursor.fetchall() if cursor.description else []
                return cursor.description, rows, cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        try:
            found = await_only(self._connection._execute(in_thread))
        except Exception as error:
            self._adapt_connection._handle_exception(error)
        self._description, rows, self._rowcount, lastrowid = found
        self._rows = deque(rows)
        self._lastrowid = lastrowid or 0


class OneHopConnection(AsyncAdapt_aiosqlite_connection):
    """SQLAlchemy's view of one connection."""

    __slots__ = ()

    _cursor_cls = OneHopCursor


class OneHopDriver(AsyncAdapt_aiosqlite_dbapi):
    """SQLAlchemy's view of the driver; give it to an engine as ``module``."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *args: Any, **options: Any) -> OneHopConnection:
        adapted = super().connect(*args, **options)
        return OneHopConnection(self, adapted._connection)

"""A turn under the document's lock: read what was missed, judge, write; never in vain.

Where several processes write to one document, who judges first and locks then finds too often
that the log has moved. Only this one document is locked, so nobody waits in a circle.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from storage.database import Database
from storage.log.group import SQLITE_HEAD, GroupCommit, in_sqlite, sqlite_time
from storage.log.missed import Missed, MissedRow, since_known
from storage.log.rows import Batch, Committed, Head, Moved, Outcome, UnreadableLog

JUDGE_S_MAX: Final = 30.0

Judge = Callable[[Missed], Batch | None]
"""Takes what was missed and says what is to be written behind it, if anything. Does not wait."""

SQLITE_ROWS = (
    'SELECT seq, "update", sha256, actor_id, at, clients FROM document_log'
    " WHERE document_id = ? AND epoch = ? AND seq > ? ORDER BY seq"
)
POSTGRESQL_HEAD = """
SELECT id, kind, schema_number, epoch, seq, access_version
FROM document WHERE id = $1 FOR UPDATE
"""
POSTGRESQL_ROWS = """
SELECT seq, update, sha256, actor_id, at, clients FROM document_log
WHERE document_id = $1 AND epoch = $2 AND seq > $3 ORDER BY seq
"""


async def hold(database: Database, known: Head, judge: Judge, now: datetime) -> Outcome:
    """Let ``judge`` have the document to itself; durable when this returns.

    ``Moved`` without asking ``judge`` if the document is gone or was rewritten, rights are others
    than ``known`` says, or not all rows since then are there.

    Raises:
        StorageUnavailable: the database failed; nobody knows whether the rows are there.
        Exception: what ``judge`` raised; nothing was written.
    """
    return await database.hold(HeldTurn(known, judge, now, asyncio.get_running_loop()))


@dataclass(frozen=True, slots=True)
class HeldTurn:
    """The work of one transaction (``storage.engine.native.NativeWork``)."""

    known: Head
    judge: Judge
    now: datetime
    loop: asyncio.AbstractEventLoop

    def in_sqlite(self, connection: sqlite3.Connection) -> Outcome:
        """In the connection's thread; texts belong to that of the loop, so it judges there."""
        row = connection.execute(SQLITE_HEAD, (self.known.id.hex,)).fetchone()
        head = Head(self.known.id, *row[1:]) if row else None
        if head is None or not self._is_known(head):
            return Moved(head)
        found = connection.execute(SQLITE_ROWS, (head.id.hex, head.epoch, self.known.seq))
        try:
            missed = since_known(self.known, head, [_from_sqlite(each) for each in found])
        except UnreadableLog:
            return Moved(head)
        judging = asyncio.run_coroutine_threadsafe(self._judge(missed), self.loop)
        batch = judging.result(JUDGE_S_MAX)
        if batch is None:
            return Committed(head.seq)
        return in_sqlite(connection, batch, sqlite_time(self.now))

    async def in_postgresql(self, connection: Any) -> Outcome:
        row = await connection.fetchrow(POSTGRESQL_HEAD, self.known.id)
        head = Head(*row) if row else None
        if head is None or not self._is_known(head):
            return Moved(head)
        found: list[MissedRow] = []
        if head.seq != self.known.seq:
            place = (head.id, head.epoch, self.known.seq)
            rows = await connection.fetch(POSTGRESQL_ROWS, *place)
            found = [(*tuple(each)[:5], json.loads(each["clients"])) for each in rows]
        try:
            missed = since_known(self.known, head, found)
        except UnreadableLog:
            return Moved(head)
        batch = self.judge(missed)
        if batch is None:
            return Committed(head.seq)
        outcomes = await GroupCommit([batch], self.now).under_lock(connection, {head.id: head})
        return outcomes[head.id]

    def _is_known(self, head: Head) -> bool:
        known = self.known
        return (head.epoch, head.access_version) == (known.epoch, known.access_version)

    async def _judge(self, missed: Missed) -> Batch | None:
        return self.judge(missed)


def _from_sqlite(row: tuple[Any, ...]) -> MissedRow:
    seq, update, digest, actor, at, clients = row
    return seq, update, digest, UUID(actor) if actor else None, at, json.loads(clients)

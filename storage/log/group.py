"""One group commit: what many documents have to write, in one transaction.

A document that moved or names another's client ids is left as it was and does not stall the
others. Heads are locked in the order of document ids, so writers never wait in a circle.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from storage.database import Database
from storage.log.rows import (
    Batch,
    ClientRange,
    Committed,
    ForeignClients,
    Head,
    Moved,
    Outcome,
    sha256,
)

Owners = dict[tuple[UUID, int], UUID | None]
"""(document, client id) → the actor it belongs to."""

SQLITE_HEAD = (
    "SELECT id, kind, schema_number, epoch, seq, access_version FROM document WHERE id = ?"
)
SQLITE_OWNER = (
    "SELECT actor_id FROM document_client WHERE document_id = ? AND epoch = ? AND client_id = ?"
)
SQLITE_ROW = (
    "INSERT INTO document_log"
    ' (document_id, epoch, seq, "update", sha256, actor_id, clients, at)'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
SQLITE_CLIENT = (
    "INSERT INTO document_client (document_id, epoch, client_id, actor_id) VALUES (?, ?, ?, ?)"
)
SQLITE_MOVE = (
    "UPDATE document SET seq = ? WHERE id = ? AND epoch = ? AND seq = ? AND access_version = ?"
)

POSTGRESQL_HEADS = """
SELECT id, kind, schema_number, epoch, seq, access_version
FROM document WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE
"""
POSTGRESQL_OWNERS = """
SELECT document_id, client_id, actor_id FROM document_client
JOIN unnest($1::uuid[], $2::int[], $3::bigint[]) AS wanted (document, of_epoch, client)
ON document_id = document AND epoch = of_epoch AND client_id = client
"""
POSTGRESQL_ROWS = """
INSERT INTO document_log (document_id, epoch, seq, update, sha256, actor_id, clients, at)
SELECT d, e, s, u, h, a, c::json, $8 FROM unnest(
    $1::uuid[], $2::int[], $3::bigint[], $4::bytea[], $5::text[], $6::uuid[], $7::text[]
) AS row (d, e, s, u, h, a, c)
"""
POSTGRESQL_CLIENTS = """
INSERT INTO document_client (document_id, epoch, client_id, actor_id)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::uuid[])
"""
POSTGRESQL_MOVES = """
UPDATE document SET seq = moved.seq
FROM unnest($1::uuid[], $2::bigint[]) AS moved (id, seq) WHERE document.id = moved.id
"""


async def commit_batch(
    database: Database, batches: Sequence[Batch], now: datetime
) -> dict[UUID, Outcome]:
    """Write what many documents have for this commit; durable when this returns.

    Each document may be named once.

    Raises:
        StorageUnavailable: the database failed; nobody knows whether the rows are there.
    """
    if not batches:
        return {}
    return await database.run_natively(GroupCommit(batches, now))


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be written, and what becomes of each document."""

    outcomes: dict[UUID, Outcome]
    accepted: list[Batch] = field(default_factory=list)
    new_clients: list[tuple[UUID, int, int, UUID | None]] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[UUID, int, int, bytes, str, UUID | None, str]]:
        """Document, epoch, seq, update, its hash, actor and clock ranges of each new row."""
        for batch in self.accepted:
            for seq, row in enumerate(batch.rows, batch.seq + 1):
                update, digest = row.update, sha256(row.update)
                ranges = clock_ranges(row.clients)
                yield batch.document_id, batch.epoch, seq, update, digest, row.actor_id, ranges


@dataclass(frozen=True, slots=True)
class GroupCommit:
    """The work of one transaction (``storage.engine.native.NativeWork``)."""

    batches: Sequence[Batch]
    now: datetime

    def in_sqlite(self, connection: sqlite3.Connection) -> dict[UUID, Outcome]:
        at = sqlite_time(self.now)
        return {batch.document_id: in_sqlite(connection, batch, at) for batch in self.batches}

    async def in_postgresql(self, connection: Any) -> dict[UUID, Outcome]:
        ids = [batch.document_id for batch in self.batches]
        heads = {row[0]: Head(*row) for row in await connection.fetch(POSTGRESQL_HEADS, ids)}
        return await self.under_lock(connection, heads)

    async def under_lock(self, connection: Any, heads: Mapping[UUID, Head]) -> dict[UUID, Outcome]:
        """The same, where the heads are locked and known."""
        owners: Owners = {}
        if claims := list(self._claims()):
            for document_id, client, actor in await connection.fetch(
                POSTGRESQL_OWNERS, *_columns(claims, 3)
            ):
                owners[document_id, client] = actor
        plan = self._plan(heads, owners)
        if not plan.accepted:
            return plan.outcomes
        rows = _columns(list(plan.rows()), 7)
        await connection.execute(POSTGRESQL_ROWS, *rows, self.now)
        if plan.new_clients:
            await connection.execute(POSTGRESQL_CLIENTS, *_columns(plan.new_clients, 4))
        moves = [(batch.document_id, batch.seq + len(batch.rows)) for batch in plan.accepted]
        await connection.execute(POSTGRESQL_MOVES, *_columns(moves, 2))
        return plan.outcomes

    def _claims(self) -> Iterator[tuple[UUID, int, int]]:
        for batch in self.batches:
            for client in batch.new_clients:
                yield batch.document_id, batch.epoch, client

    def _plan(self, heads: Mapping[UUID, Head], owners: Owners) -> Plan:
        """Decide about each document by what was found under its lock."""
        plan = Plan({})
        for batch in self.batches:
            outcome = _outcome(batch, heads.get(batch.document_id), owners)
            plan.outcomes[batch.document_id] = outcome
            if not isinstance(outcome, Committed):
                continue
            plan.accepted.append(batch)
            plan.new_clients.extend(
                (batch.document_id, batch.epoch, client, actor)
                for client, actor in batch.new_clients.items()
                if (batch.document_id, client) not in owners
            )
        return plan


def sqlite_time(moment: datetime) -> str:
    """A moment as SQLite's columns have it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def in_sqlite(connection: sqlite3.Connection, batch: Batch, at: str) -> Outcome:
    """One document's part: its head is moved only if it is where the room believes."""
    document_id, believed = batch.document_id.hex, (batch.epoch, batch.seq, batch.access_version)
    owners = _owners_in_sqlite(connection, batch)
    end = batch.seq + len(batch.rows)
    if (
        _foreign(batch, owners)
        or not connection.execute(SQLITE_MOVE, (end, document_id, *believed)).rowcount
    ):
        row = connection.execute(SQLITE_HEAD, (document_id,)).fetchone()
        return _outcome(batch, Head(batch.document_id, *row[1:]) if row else None, owners)
    for seq, each in enumerate(batch.rows, batch.seq + 1):
        update, actor_id = each.update, _hex(each.actor_id)
        ranges = clock_ranges(each.clients)
        values = (document_id, batch.epoch, seq, update, sha256(update), actor_id, ranges, at)
        connection.execute(SQLITE_ROW, values)
    for client, actor in batch.new_clients.items():
        if (batch.document_id, client) not in owners:
            connection.execute(SQLITE_CLIENT, (document_id, batch.epoch, client, _hex(actor)))
    return Committed(end)


def _owners_in_sqlite(connection: sqlite3.Connection, batch: Batch) -> Owners:
    """Those of the client ids to be claimed that somebody owns already."""
    owners: Owners = {}
    for client in batch.new_clients:
        key = (batch.document_id.hex, batch.epoch, client)
        found = connection.execute(SQLITE_OWNER, key).fetchone()
        if found is not None:
            owners[batch.document_id, client] = UUID(found[0]) if found[0] else None
    return owners


def _outcome(batch: Batch, head: Head | None, owners: Owners) -> Outcome:
    believed = (batch.epoch, batch.seq, batch.access_version)
    if head is None or (head.epoch, head.seq, head.access_version) != believed:
        return Moved(head)
    if foreign := _foreign(batch, owners):
        return ForeignClients(foreign)
    return Committed(batch.seq + len(batch.rows))


def _foreign(batch: Batch, owners: Owners) -> frozenset[int]:
    """The client ids that others own."""
    return frozenset(
        client
        for client, actor in batch.new_clients.items()
        if owners.get((batch.document_id, client), actor) != actor
    )


def clock_ranges(ranges: Sequence[ClientRange]) -> str:
    """The JSON of clock ranges, as every writer of the log stores it."""
    inner = ", ".join(f"[{client}, {start}, {end}]" for client, start, end in ranges)
    return f"[{inner}]"


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> list[list[Any]]:
    """The same values, a list for each column."""
    return [[row[at] for row in rows] for at in range(count)]


def _hex(actor_id: UUID | None) -> str | None:
    return None if actor_id is None else actor_id.hex

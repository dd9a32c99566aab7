"""The log of live documents in memory: what ``storage.documents`` promises, without a database.

Every call is one transaction of its own and happens at once. That it behaves like the real one is
tested by giving both the same seeded calls (``tests/bench/test_chaos.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from storage.documents import (
    Absent,
    Batch,
    Committed,
    Failed,
    ForeignClients,
    Found,
    Head,
    LogEntry,
    LogRow,
    Moved,
    Outcome,
    UnreadableLog,
)
from storage.log.snapshots import KEPT


@dataclass
class Epoch:
    """What belongs to one epoch of a document."""

    rows: list[LogEntry] = field(default_factory=list)
    owners: dict[int, UUID | None] = field(default_factory=dict)
    snapshots: dict[int, bytes] = field(default_factory=dict)


@dataclass
class Stored:
    """One document."""

    head: Head
    epochs: dict[int, Epoch] = field(default_factory=dict)

    @property
    def now(self) -> Epoch:
        return self.epochs.setdefault(self.head.epoch, Epoch())


class MemoryLog:
    """Documents, their rows, the owners of their client ids, their snapshots."""

    def __init__(self) -> None:
        self._documents: dict[UUID, Stored] = {}

    def create(
        self,
        document_id: UUID,
        kind: str,
        schema: int,
        seed: bytes,
        seed_clients: Iterable[int],
        now: datetime,
    ) -> Head:
        assert document_id not in self._documents, "a document is created once"
        head = Head(document_id, kind, schema, epoch=1, seq=0, access_version=0)
        self._documents[document_id] = Stored(head)
        return self._begin(self._documents[document_id], seed, seed_clients, now)

    def rewrite(
        self, document_id: UUID, seed: bytes, seed_clients: Iterable[int], now: datetime
    ) -> Head:
        """Begin a new epoch with ``seed`` as its whole log, as an erasure does."""
        stored = self._documents[document_id]
        stored.head = replace(stored.head, epoch=stored.head.epoch + 1, seq=0)
        return self._begin(stored, seed, seed_clients, now)

    def heads(self, ids: Iterable[UUID]) -> dict[UUID, Head]:
        return {each: self._documents[each].head for each in ids if each in self._documents}

    def commit_batch(self, batches: Sequence[Batch], now: datetime) -> dict[UUID, Outcome]:
        return {batch.document_id: self._commit(batch, now) for batch in batches}

    def load(self, document_id: UUID) -> Found | Absent | Failed:
        stored = self._documents.get(document_id)
        if stored is None:
            return Absent()
        head, epoch = stored.head, stored.now
        base = max((seq for seq in epoch.snapshots if seq <= head.seq), default=0)
        tail = [row.update for row in epoch.rows if row.seq > base]
        if base + len(tail) != head.seq:
            return Failed(f"document {document_id}: a row is missing")
        if base:
            tail.insert(0, epoch.snapshots[base])
        return Found(head, tail, dict(epoch.owners))

    def since(self, document_id: UUID, epoch: int, seq: int) -> list[LogEntry]:
        rows = [row for row in self._rows(document_id, epoch) if row.seq > seq]
        if rows and rows[0].seq != seq + 1:
            raise UnreadableLog(f"document {document_id}: log row seq {seq + 1} is missing")
        return rows

    def log(self, document_id: UUID, epoch: int) -> list[LogEntry]:
        return list(self._rows(document_id, epoch))

    def save_snapshot(
        self, document_id: UUID, epoch: int, seq: int, state: bytes, now: datetime
    ) -> bool:
        snapshots = self._documents[document_id].epochs.setdefault(epoch, Epoch()).snapshots
        is_new = seq not in snapshots
        snapshots.setdefault(seq, state)
        for old in sorted(snapshots)[:-KEPT]:
            del snapshots[old]
        return is_new

    def trim(self, document_id: UUID, before: datetime) -> int:
        epoch = self._documents[document_id].now
        if len(epoch.snapshots) < 2:
            return 0
        young = min((row.seq for row in epoch.rows if row.at >= before), default=None)
        first = min(epoch.snapshots)
        end = first if young is None else min(first, young - 1)
        kept = [row for row in epoch.rows if row.seq > end]
        cut = len(epoch.rows) - len(kept)
        epoch.rows = kept
        return cut

    def bump_access(self, document_id: UUID) -> None:
        stored = self._documents[document_id]
        stored.head = replace(stored.head, access_version=stored.head.access_version + 1)

    def claim(self, document_id: UUID, epoch: int, clients: Mapping[int, UUID | None]) -> set[int]:
        """Give each client id to its actor; return those that others own already."""
        owners = self._documents[document_id].epochs.setdefault(epoch, Epoch()).owners
        foreign = _foreign(owners, clients)
        for client, actor in clients.items():
            owners.setdefault(client, actor)
        return foreign

    def _commit(self, batch: Batch, now: datetime) -> Outcome:
        stored = self._documents.get(batch.document_id)
        head = None if stored is None else stored.head
        believed = (batch.epoch, batch.seq, batch.access_version)
        if head is None or (head.epoch, head.seq, head.access_version) != believed:
            return Moved(head)
        assert stored is not None
        if foreign := _foreign(stored.now.owners, batch.new_clients):
            return ForeignClients(frozenset(foreign))
        self.claim(head.id, head.epoch, batch.new_clients)
        return Committed(self._append(stored, batch.rows, now))

    def _begin(
        self, stored: Stored, seed: bytes, seed_clients: Iterable[int], now: datetime
    ) -> Head:
        self.claim(stored.head.id, stored.head.epoch, dict.fromkeys(seed_clients))
        self._append(stored, [LogRow(seed, None)], now)
        return stored.head

    def _append(self, stored: Stored, rows: Sequence[LogRow], now: datetime) -> int:
        seq = stored.head.seq
        for row in rows:
            seq += 1
            stored.now.rows.append(LogEntry(seq, row.update, row.actor_id, now))
        stored.head = replace(stored.head, seq=seq)
        return seq

    def _rows(self, document_id: UUID, epoch: int) -> Sequence[LogEntry]:
        stored = self._documents.get(document_id)
        found = None if stored is None else stored.epochs.get(epoch)
        return [] if found is None else found.rows


def _foreign(owners: Mapping[int, UUID | None], clients: Mapping[int, UUID | None]) -> set[int]:
    return {each for each, actor in clients.items() if owners.get(each, actor) != actor}

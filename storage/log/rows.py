"""Values that go in and out of the log, and the check that a row is what was written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.database import METADATA

DOCUMENT = METADATA.tables["document"]
LOG = METADATA.tables["document_log"]
SNAPSHOT = METADATA.tables["document_snapshot"]
CLIENT = METADATA.tables["document_client"]

# Engines take some 32,000 parameters in one statement.
IDS_PER_STATEMENT = 5_000

# A run of one client's clocks in an update: client id, first clock, clock after the last.
ClientRange = tuple[int, int, int]


class UnreadableLog(Exception):
    """The log is damaged or cut there; the message names the document and the seq."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a document stands: the next row gets ``seq + 1``."""

    id: UUID
    kind: str
    schema: int
    epoch: int
    seq: int
    access_version: int

    def at(self, seq: int) -> Head:
        """The same document after more rows."""
        return Head(self.id, self.kind, self.schema, self.epoch, seq, self.access_version)


@dataclass(frozen=True, slots=True)
class LogRow:
    """What one actor wrote in one commit: a Yjs v1 update, and the clocks that it holds."""

    update: bytes
    actor_id: UUID | None
    clients: Sequence[ClientRange] = ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A committed row, its hash checked."""

    seq: int
    update: bytes
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """The document, readable to its head: apply ``updates`` in order to an empty one.

    ``owners`` are the client ids of this epoch. ``damage`` names snapshots that were passed over
    because an older one and the log gave the same state.
    """

    head: Head
    updates: list[bytes]
    owners: dict[int, UUID | None]
    damage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no such document."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The document is there but cannot be read; it must never be shown as empty."""

    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one document contributes to a group commit, and what its room believes."""

    document_id: UUID
    epoch: int
    seq: int
    access_version: int
    rows: Sequence[LogRow]
    new_clients: Mapping[int, UUID | None]


@dataclass(frozen=True, slots=True)
class Committed:
    """Written; the document's head is now ``seq``."""

    seq: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Not written: epoch, seq or access version differ, or the document is gone (``None``)."""

    head: Head | None


@dataclass(frozen=True, slots=True)
class ForeignClients:
    """Not written: these client ids belong to other actors."""

    ids: frozenset[int]


Outcome = Committed | Moved | ForeignClients


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def checked(
    document_id: UUID, after: int, rows: Iterable[tuple[int, bytes, str, UUID | None, datetime]]
) -> list[LogEntry]:
    """The rows (seq, update, sha256, actor, at) as entries, if none is missing or damaged.

    Raises:
        UnreadableLog: a hash does not match, or the rows do not follow ``after`` one by one.
    """
    entries: list[LogEntry] = []
    for expected, (seq, update, digest, actor_id, at) in enumerate(rows, after + 1):
        if seq != expected:
            raise UnreadableLog(f"document {document_id}: log row seq {expected} is missing")
        if sha256(update) != digest:
            raise UnreadableLog(f"document {document_id}: log row seq {seq} is damaged")
        entries.append(LogEntry(seq, update, actor_id, at))
    return entries

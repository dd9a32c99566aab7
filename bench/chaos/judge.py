"""Knows what is durable, and watches that nobody is told more than that."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from pycrdt import Doc, XmlFragment

from bench.chaos.machines.loop import VirtualLoop
from collab.sync.messages import Changes, Outgoing, SyncStep1
from collab.sync.yjs.ranges import IdRanges
from collab.sync.yjs.update import parse_state_vector, parse_update

Key = tuple[UUID, int]
"""A document and its epoch."""


class Trace:
    """The history of a run: its hash always, its lines if they are wanted."""

    def __init__(self, loop: VirtualLoop, *, keeps_lines: bool) -> None:
        self.lines: list[str] | None = [] if keeps_lines else None
        self.events = 0
        self._loop = loop
        self._hash = hashlib.blake2b(digest_size=16)

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def note(self, what: str, data: bytes = b"") -> None:
        """Something has happened."""
        self.events += 1
        self._hash.update(f"{self._loop.now:.6f} {what} {len(data)} ".encode())
        self._hash.update(data)
        if self.lines is not None:
            shown = data.hex() if len(data) <= 48 else f"{data[:48].hex()}… {len(data)} bytes"
            self.lines.append(f"{self._loop.now:10.4f}  {what}  {shown}".rstrip())


parsed = lru_cache(maxsize=512)(parse_update)
"""The same bytes come by many times."""


@dataclass
class Durable:
    """Everything one epoch of a document has ever committed, whatever was trimmed since.

    It serves for any other pile of updates too; one that is not ``is_whole`` is taken literally.
    """

    is_whole: bool = True
    rows: list[tuple[bytes, UUID | None]] = field(default_factory=list)
    clocks: dict[int, int] = field(default_factory=dict)
    deletes: IdRanges = field(default_factory=IdRanges)
    _covered: set[bytes] = field(default_factory=set)
    _doc: Doc[XmlFragment] = field(default_factory=lambda: Doc(client_id=1))
    _applied: int = 0

    def add(self, update: bytes, actor: UUID | None) -> None:
        self.rows.append((update, actor))
        parts = parsed(update)
        for block in parts.blocks:
            self.clocks[block.client] = max(self.clocks.get(block.client, 0), block.end)
        for client, start, end in parts.deletes:
            self.deletes.add(client, start, end)

    def covers(self, update: bytes) -> bool:
        """Whether all of the update is in the log."""
        if update in self._covered:
            return True
        parts = parsed(update)
        is_covered = all(
            block.end <= self.clocks.get(block.client, 0) for block in parts.blocks
        ) and self._has_deleted(parts.deletes)
        if is_covered:
            self._covered.add(update)
        return is_covered

    def _has_deleted(self, deletes: Sequence[tuple[int, int, int]]) -> bool:
        """Whether the rows delete all that, also by deleting what it lies in."""
        if all(self.deletes.covers(*each) for each in deletes):
            return True
        if not self.is_whole:
            return False
        with self._doc.transaction():
            for update, _ in self.rows[self._applied :]:
                self._doc.apply_update(update)
        self._applied = len(self.rows)
        for each in parsed(self._doc.get_update()).deletes:
            self.deletes.add(*each)
        return all(self.deletes.covers(*each) for each in deletes)

    def reaches(self, state_vector: bytes) -> bool:
        """Whether the log holds all structs that the state vector claims."""
        claimed = parse_state_vector(state_vector)
        return all(clock <= self.clocks.get(client, 0) for client, clock in claimed.items())


class Judge:
    """Collects what is wrong; the first finding ends a run."""

    def __init__(self, trace: Trace) -> None:
        self.found: list[str] = []
        self._trace = trace
        self._durable: dict[Key, Durable] = {}

    def durable(self, key: Key) -> Durable:
        found = self._durable.get(key)
        if found is None:
            found = self._durable[key] = Durable()
        return found

    @property
    def keys(self) -> list[Key]:
        return list(self._durable)

    def object_to(self, what: str) -> None:
        self._trace.note(f"WRONG {what}")
        self.found.append(what)

    def committed(self, key: Key, update: bytes, actor: UUID | None) -> None:
        """A row of the log is durable."""
        self._trace.note(f"row {key[0].hex[:4]}.{key[1]} {actor and actor.hex[:4]}", update)
        self.durable(key).add(update, actor)

    def told(self, key: Key, whom: str, message: Outgoing) -> None:
        """The server says something about a document to somebody."""
        durable = self.durable(key)
        if isinstance(message, Changes) and not durable.covers(message.update):
            self.object_to(f"{whom} is sent what is not durable")
        if isinstance(message, SyncStep1) and not durable.reaches(message.state_vector):
            self.object_to(f"{whom} is told of what is not durable")

    def answered(self, key: Key, whom: str, pending: list[bytes], *, is_taken: bool) -> None:
        """One of somebody's frames with changes is acknowledged or refused."""
        durable = self.durable(key)
        for at, update in enumerate(pending):
            if durable.covers(update) is is_taken:
                del pending[at]
                return
        if is_taken:
            self.object_to(f"{whom} gets an acknowledgement, but no frame became durable")
        elif pending:
            del pending[0]
        else:
            self.object_to(f"{whom} is refused something he did not send")

"""What this process is doing to a text, in a small file that survives its death (ADR 0011).

The file is memory-mapped: noting costs a few microseconds and no system call, and the kernel
keeps what was written when the process is gone. It need not survive a loss of power. A lock on
the file (flock) tells others whether its process lives. Rooms touch texts one after the other,
so a process needs one note, not one per room.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import os
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from struct import Struct
from typing import Any
from uuid import UUID

import structlog

from collab.sync.watch import UNWATCHED, Watch

SUFFIX = ".record"
FAULT_SUFFIX = ".fault"
MAGIC = b"ARENA\x00\x00\x01"

ENTRIES_MAX = 2_048
"""Updates of a turn that are noted; of more than that, the newest takes the last place."""

BYTES_MAX = 2 * 1024 * 1024
"""Bytes of updates that are kept whole; of what does not fit, the hash is kept."""

# magic, phase, epoch, seq, document, entries, bytes used
HEADER = Struct("<8sB3xIQ16sII")
PHASE_AT = 8
USED_AT = HEADER.size - 8
USED = Struct("<II")
# flags, actor, offset, length, sha256
ENTRY = Struct("<B16sII32s7x")
ENTRY_BYTES = ENTRY.size
HAS_ACTOR, HAS_BYTES = 1, 2
ENTRIES_AT = 64
BYTES_AT = ENTRIES_AT + ENTRIES_MAX * ENTRY_BYTES
FILE_BYTES = BYTES_AT + BYTES_MAX

UNNOTED = nullcontext()
NO_ACTOR = bytes(16)
NO_HASH = bytes(32)

log = structlog.get_logger()


class Phase(IntEnum):
    """What is being done to a text."""

    IDLE = 0
    LOAD = 1
    APPLY = 2
    READ = 3


# Plain numbers, for what every turn writes.
IDLE, APPLY, READ = int(Phase.IDLE), int(Phase.APPLY), int(Phase.READ)


@dataclass(frozen=True, slots=True)
class Entry:
    """An update that was being applied, or had been in the same turn; whole, or its hash."""

    actor_id: UUID | None
    sha256: str
    update: bytes | None


@dataclass(frozen=True, slots=True)
class Note:
    """The last thing a process did to a text; of ``entries`` the last was being applied."""

    document_id: UUID
    epoch: int
    seq: int
    phase: Phase
    entries: tuple[Entry, ...]


class Record:
    """The record of this process; a ``Watch`` of every document it holds."""

    def __init__(self, path: Path, memory: mmap.mmap) -> None:
        self.path = path
        self._memory = memory
        self._count = 0
        self._used = 0

    @property
    def fault_path(self) -> Path:
        """Where the process writes what it dies of, if it dies of a fault of its own."""
        return self.path.with_suffix(FAULT_SUFFIX)

    def begin(self, document_id: UUID, epoch: int, seq: int, phase: Phase) -> None:
        """What follows is done to this document, until ``end``."""
        self._count = self._used = 0
        HEADER.pack_into(self._memory, 0, MAGIC, phase, epoch, max(seq, 0), document_id.bytes, 0, 0)

    def applying(self, update: bytes, actor: Hashable) -> None:
        """Note the update before it is judged and applied."""
        at, size = self._used, len(update)
        fits = at + size <= BYTES_MAX
        if fits:
            self._memory[BYTES_AT + at : BYTES_AT + at + size] = update
            self._used = at + size
        slot = min(self._count, ENTRIES_MAX - 1)
        flags = HAS_BYTES if fits else 0
        who = NO_ACTOR
        if isinstance(actor, UUID):
            flags |= HAS_ACTOR
            who = actor.bytes
        digest = NO_HASH if fits else hashlib.sha256(update).digest()
        place = ENTRIES_AT + slot * ENTRY_BYTES
        ENTRY.pack_into(self._memory, place, flags, who, at, size, digest)
        self._count = slot + 1
        USED.pack_into(self._memory, USED_AT, self._count, self._used)
        self._memory[PHASE_AT] = APPLY

    def applied(self) -> None:
        """What follows only reads."""
        self._memory[PHASE_AT] = READ

    def end(self) -> None:
        """Nothing is being done to any text."""
        self._memory[PHASE_AT] = IDLE

    @property
    def is_idle(self) -> bool:
        """Nothing is noted."""
        return self._memory[PHASE_AT] == IDLE


def read_note(data: bytes | mmap.mmap) -> Note | None:
    """What a record holds; ``None`` if its process was not at a text."""
    if len(data) < FILE_BYTES:
        return None
    magic, phase, epoch, seq, document, count, _ = HEADER.unpack_from(data, 0)
    if magic != MAGIC or phase not in set(Phase) or phase == Phase.IDLE:
        return None
    entries = tuple(_entry(data, slot) for slot in range(min(count, ENTRIES_MAX)))
    return Note(UUID(bytes=document), epoch, seq, Phase(phase), entries)


def _entry(data: bytes | mmap.mmap, slot: int) -> Entry:
    flags, actor, at, size, digest = ENTRY.unpack_from(data, ENTRIES_AT + slot * ENTRY_BYTES)
    update = bytes(data[BYTES_AT + at : BYTES_AT + at + size]) if flags & HAS_BYTES else None
    return Entry(
        UUID(bytes=actor) if flags & HAS_ACTOR else None,
        (digest if update is None else hashlib.sha256(update).digest()).hex(),
        update,
    )


# One process has one record, as it has one log; without one nothing is noted.
_own: Record | None = None


def watch() -> Watch:
    """What documents tell before they apply an update."""
    return UNWATCHED if _own is None else _own


def noted(document_id: UUID, epoch: int, seq: int, phase: Phase) -> AbstractContextManager[None]:
    """While the block runs, the record says what is done to which text.

    The block must not wait. A block inside another is part of it.
    """
    if _own is None or not _own.is_idle:
        return UNNOTED
    return _Noted(_own, document_id, epoch, seq, phase)


class _Noted(AbstractContextManager[None]):
    """A block that the record tells of; a class, because every turn of every room is one."""

    __slots__ = ("_record", "_what")

    def __init__(self, record: Record, *what: Any) -> None:
        self._record = record
        self._what = what

    def __enter__(self) -> None:
        self._record.begin(*self._what)

    def __exit__(self, *_: object) -> None:
        self._record.end()


@contextmanager
def keeping_record(folder: Path) -> Iterator[Record | None]:
    """Keep this process's record in ``folder``; ``None``, and a line in the log, if it cannot.

    The file is gone when the block is left in order.
    """
    global _own
    try:
        record, descriptor = _create(folder)
    except OSError as error:
        log.error("no crash record can be kept", folder=str(folder), exc_info=error)
        yield None
        return
    _own = record
    try:
        yield record
    finally:
        _own = None
        for path in (record.path, record.fault_path):
            path.unlink(missing_ok=True)
        os.close(descriptor)


def take_lock(descriptor: int) -> None:
    """Lock a record until its descriptor is closed or its process ends.

    Raises:
        BlockingIOError: another process has the lock.
        OSError: this system has no such locks.
    """
    try:
        import fcntl
    except ImportError:
        raise OSError(
            errno.ENOSYS, "this system cannot lock files as a crash record needs"
        ) from None
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _create(folder: Path) -> tuple[Record, int]:
    """A new record, locked. It gets its name only then, so nobody takes it for a dead one's."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{os.getpid()}-{os.urandom(4).hex()}{SUFFIX}"
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        take_lock(descriptor)
        # Written, not only sized: a full disk must not be met at a note, where it kills.
        if os.write(descriptor, bytes(FILE_BYTES)) != FILE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(draft))
        draft.rename(path)
        return Record(path, mmap.mmap(descriptor, FILE_BYTES)), descriptor
    except BaseException:
        draft.unlink(missing_ok=True)
        os.close(descriptor)
        raise

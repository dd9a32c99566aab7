"""Disks that fail: full, broken, read-only; switched from outside or by dice."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from pathlib import Path

from bench.disk import vfs
from bench.disk.journal import Journal


class Fault(Enum):
    """What is wrong with a disk."""

    NONE = "none"
    FULL = "full"
    WRITE_ERROR = "write-error"
    SYNC_ERROR = "sync-error"
    READ_ERROR = "read-error"
    READ_ONLY = "read-only"


class SwitchedDisk(vfs.Disk):
    """A disk whose fault another process names in a file; no such file, no fault."""

    def __init__(self, switch: Path) -> None:
        self._switch = switch

    @property
    def fault(self) -> Fault:
        """What is wrong now."""
        try:
            return Fault(self._switch.read_text(encoding="ascii").strip() or "none")
        except FileNotFoundError:
            return Fault.NONE

    def opens(self, file: str, flags: int) -> int:
        is_writing = flags & vfs.OPEN_READWRITE and file
        return vfs.READONLY if is_writing and self.fault is Fault.READ_ONLY else vfs.OK

    def reads(self, file: str) -> int:
        return vfs.IOERR_READ if self.fault is Fault.READ_ERROR else vfs.OK

    def writes(self, file: str, offset: int, data: bytes) -> int:
        match self.fault:
            case Fault.FULL:
                return vfs.FULL
            case Fault.WRITE_ERROR | Fault.READ_ONLY:
                return vfs.IOERR_WRITE
            case _:
                return vfs.OK

    def truncates(self, file: str, size: int) -> int:
        is_refused = self.fault in {Fault.WRITE_ERROR, Fault.READ_ONLY}
        return vfs.IOERR_TRUNCATE if is_refused else vfs.OK

    def syncs(self, file: str) -> int:
        return vfs.IOERR_FSYNC if self.fault is Fault.SYNC_ERROR else vfs.OK

    def synced(self, file: str, *, is_done: bool) -> None:
        """There is nothing to note."""

    def deletes(self, file: str, is_durable: bool) -> int:
        return vfs.IOERR_DELETE if self.fault is Fault.READ_ONLY else vfs.OK


def switch(file: Path, fault: Fault) -> None:
    """Break the disk that watches ``file``, or mend it."""
    new = file.with_suffix(".new")
    new.write_text(fault.value, encoding="ascii")
    new.replace(file)  # so that nobody reads half a word


class DicedDisk(Journal):
    """A noting disk that fails now and then: one sync in ``odds``, a write four times as seldom.

    It is sound until the first promise has left, so that the run can begin.
    """

    def __init__(self, rng: random.Random, odds: int) -> None:
        super().__init__()
        self.failed_writes = 0
        self.failed_syncs = 0
        self._is_failing = False
        self._bad_writes = _now_and_then(rng, odds * 4)
        self._bad_syncs = _now_and_then(rng, odds)
        self._errors = _endless_choice(rng, (vfs.FULL, vfs.IOERR_WRITE))

    def promise(self, document: str, tokens: Iterable[str]) -> None:
        super().promise(document, tokens)
        self._is_failing = True

    def writes(self, file: str, offset: int, data: bytes) -> int:
        if self._is_failing and next(self._bad_writes):
            self.failed_writes += 1
            return next(self._errors)
        return super().writes(file, offset, data)

    def syncs(self, file: str) -> int:
        super().syncs(file)
        if self._is_failing and next(self._bad_syncs):
            self.failed_syncs += 1
            return vfs.IOERR_FSYNC
        return vfs.OK


def _now_and_then(rng: random.Random, odds: int) -> Iterator[bool]:
    """``True`` once in ``odds`` on average, and once in twice as many at the latest."""
    while True:
        yield from [False] * rng.randrange(2 * odds - 1)
        yield True


def _endless_choice(rng: random.Random, codes: Sequence[int]) -> Iterator[int]:
    while True:
        yield rng.choice(codes)

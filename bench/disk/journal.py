"""What a disk was asked to do, in order; and what may be left of it after a power cut.

A write is durable once its file was synced after it. Of everything later any part may survive:
nothing, all, some writes and not those before them, some sectors of a write.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from threading import get_ident

from bench.disk import vfs

SECTOR_BYTES = 512
SURVIVAL = (0.1, 0.5, 0.9)
IGNORED = ("-shm",)
"""Shared memory does not outlive a power cut, and SQLite does not expect it to."""


@dataclass(frozen=True, slots=True)
class Create:
    """A file was opened that was not there."""

    file: str


@dataclass(frozen=True, slots=True)
class Write:
    file: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Delete:
    file: str
    is_durable: bool


@dataclass(frozen=True, slots=True)
class Sync:
    """A file's sync has returned; it covers what was written before entry ``since``."""

    file: str
    since: int


@dataclass(frozen=True, slots=True)
class SyncFailed:
    """A file's sync has failed.

    The system then takes the changed pages for written, so the writes before entry ``since`` may
    be on the disk or not, and no later sync brings them there. Names and sizes of files are the
    file system's own affair: it keeps trying.
    """

    file: str
    since: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody was told that these tokens are kept: by an acknowledgement or by seeing them."""

    document: str
    tokens: tuple[str, ...]


Change = Create | Write | Truncate | Delete
Entry = Change | Sync | SyncFailed | Promise


class Journal(vfs.Disk):
    """A disk that obeys and notes everything."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._known: set[str] = set()
        self._started: dict[tuple[int, str], int] = {}

    def begins_with(self, files: Iterable[str]) -> None:
        """Say which files are there and durable."""
        self._known.update(files)

    def promise(self, document: str, tokens: Iterable[str]) -> None:
        """Note that a promise leaves for a client now."""
        if kept := tuple(tokens):
            self.entries.append(Promise(document, kept))

    def opens(self, file: str, flags: int) -> int:
        if flags & vfs.OPEN_CREATE and file not in self._known and _is_kept(file):
            self._known.add(file)
            self.entries.append(Create(file))
        return vfs.OK

    def reads(self, file: str) -> int:
        return vfs.OK

    def writes(self, file: str, offset: int, data: bytes) -> int:
        if _is_kept(file):
            self.entries.append(Write(file, offset, data))
        return vfs.OK

    def truncates(self, file: str, size: int) -> int:
        if _is_kept(file):
            self.entries.append(Truncate(file, size))
        return vfs.OK

    def syncs(self, file: str) -> int:
        self._started[get_ident(), file] = len(self.entries)
        return vfs.OK

    def synced(self, file: str, *, is_done: bool) -> None:
        if _is_kept(file):
            kind = Sync if is_done else SyncFailed
            self.entries.append(kind(file, self._started[get_ident(), file]))

    def deletes(self, file: str, is_durable: bool) -> int:
        if _is_kept(file):
            self._known.discard(file)
            self.entries.append(Delete(file, is_durable))
        return vfs.OK


def _is_kept(file: str) -> bool:
    return bool(file) and not file.endswith(IGNORED)


class Survival(Enum):
    """What is left of the changes that no sync covers."""

    NONE = "nothing"
    ALL = "everything"
    PREFIX = "everything up to some moment"
    SOME = "some changes, in no order"
    TORN = "some sectors of some changes"


class Fate(Enum):
    """What is known of a change that is not yet part of the certain files."""

    OPEN = "the next sync makes it certain"
    DOOMED = "a sync has failed: nobody knows, and nothing will change that"
    CERTAIN = "durable, behind one that is not"


@dataclass(slots=True)
class Pending:
    """A change at its place in the journal."""

    number: int
    change: Change
    fate: Fate = Fate.OPEN


@dataclass(slots=True)
class DiskState:
    """What is certainly on the disk, and what may be, file by file."""

    certain: dict[str, bytearray]
    pending: dict[str, list[Pending]] = field(default_factory=dict)

    def take(self, number: int, entry: Change | Sync | SyncFailed) -> None:
        """Account for entry ``number`` of a journal."""
        changes = self.pending.setdefault(entry.file, [])
        match entry:
            case Sync(since=since):
                self._decide(changes, since, Fate.CERTAIN)
            case SyncFailed(since=since):
                self._decide(changes, since, Fate.DOOMED)
            case Delete(is_durable=True):
                changes.clear()
                _apply(self.certain, entry)
            case _:
                changes.append(Pending(number, entry))

    def _decide(self, changes: list[Pending], since: int, fate: Fate) -> None:
        for each in changes:
            is_spared = fate is Fate.DOOMED and not isinstance(each.change, Write)
            if each.number < since and each.fate is Fate.OPEN and not is_spared:
                each.fate = fate
        while changes and changes[0].fate is Fate.CERTAIN:
            _apply(self.certain, changes.pop(0).change)

    @property
    def is_settled(self) -> bool:
        """Nothing is left to chance."""
        return not any(self.pending.values())

    def image(self, survival: Survival, rng: random.Random) -> Mapping[str, bytes]:
        """The files as they may be found after a power cut now."""
        files = {file: bytearray(data) for file, data in self.certain.items()}
        for change in self._surviving(survival, rng):
            _apply(files, change)
        return {file: bytes(data) for file, data in files.items()}

    def _surviving(self, survival: Survival, rng: random.Random) -> Iterator[Change]:
        everything = [each for changes in self.pending.values() for each in changes]
        everything.sort(key=lambda each: each.number)
        chance = rng.choice(SURVIVAL)
        end = rng.randrange(len(everything) + 1)
        for place, each in enumerate(everything):
            change = each.change
            if each.fate is Fate.CERTAIN:
                yield change
            elif survival is Survival.TORN and isinstance(change, Write):
                yield from (piece for piece in _sectors(change) if rng.random() < chance)
            elif (
                survival is Survival.ALL
                or (survival is Survival.PREFIX and place < end)
                or (survival in {Survival.SOME, Survival.TORN} and rng.random() < chance)
            ):
                yield change


def _sectors(write: Write) -> Iterator[Write]:
    """A write in the pieces that a disk writes at once."""
    at = write.offset
    end = at + len(write.data)
    while at < end:
        stop = min(end, (at // SECTOR_BYTES + 1) * SECTOR_BYTES)
        yield Write(write.file, at, write.data[at - write.offset : stop - write.offset])
        at = stop


def _apply(files: dict[str, bytearray], change: Change) -> None:
    """Change the files; what goes into a file whose creation was lost is lost with it."""
    if isinstance(change, Create):
        files.setdefault(change.file, bytearray())
        return
    data = files.get(change.file)
    if data is None:
        return
    match change:
        case Write(offset=offset, data=written):
            data.extend(bytes(max(0, offset - len(data))))
            data[offset : offset + len(written)] = written
        case Truncate(size=size):
            data.extend(bytes(max(0, size - len(data))))
            del data[size:]
        case Delete(file=file):
            del files[file]

"""SQLite's way to the disk, watched: a VFS over the one that SQLite brings along (ctypes).

While it is ``watched`` every file that SQLite opens in this process is read, written, synced and
deleted under the eyes of a ``Disk``, which may forbid each of it with an error code of SQLite's.
Locks and shared memory stay SQLite's own.
"""

from __future__ import annotations

import ctypes
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ctypes import addressof, c_char_p, c_int, c_void_p
from functools import lru_cache
from typing import Any, Protocol

from bench.disk.abi import CLOSE, DELETE, OPEN, READ, SYNC, TRUNCATE, WRITE, Methods, Vfs

OK = 0
READONLY = 8
FULL = 13
IOERR_READ = 10 | 1 << 8
IOERR_WRITE = 10 | 3 << 8
IOERR_FSYNC = 10 | 4 << 8
IOERR_TRUNCATE = 10 | 6 << 8
IOERR_DELETE = 10 | 10 << 8
CANTOPEN = 14

OPEN_READONLY = 0x1
OPEN_READWRITE = 0x2
OPEN_CREATE = 0x4

NAME = b"arena-watched"


class Disk(Protocol):
    """Sees what SQLite does; each answer is ``OK`` or the error that SQLite gets instead."""

    def opens(self, file: str, flags: int) -> int:
        """A file is about to be opened or created."""

    def reads(self, file: str) -> int:
        """A file is about to be read."""

    def writes(self, file: str, offset: int, data: bytes) -> int:
        """Bytes are about to be written."""

    def truncates(self, file: str, size: int) -> int:
        """A file is about to be cut."""

    def syncs(self, file: str) -> int:
        """A file is about to be synced."""

    def synced(self, file: str, *, is_done: bool) -> None:
        """A sync has ended; if it ``is_done``, what was written before it is durable now."""

    def deletes(self, file: str, is_durable: bool) -> int:
        """A file is about to be deleted; ``is_durable``: its folder is synced with it."""


class ShimMissing(Exception):
    """This Python's SQLite cannot be watched; the message says why."""


@contextmanager
def watched(disk: Disk) -> Iterator[None]:
    """Let ``disk`` see every file that SQLite opens in this process meanwhile.

    Connections made meanwhile stay watched until they are closed.

    Raises:
        ShimMissing: SQLite is linked into this Python so that it cannot be reached.
    """
    shim = _shim()
    assert shim.disk is None, "one disk at a time"
    shim.disk = disk
    shim.register()
    try:
        yield
    finally:
        shim.unregister()
        shim.disk = None


def why_not() -> str | None:
    """Why SQLite cannot be watched here; ``None`` if it can."""
    try:
        _shim()
    except ShimMissing as missing:
        return str(missing)
    return None


@lru_cache(maxsize=1)
def _shim() -> Shim:
    """The shim of this process; never freed, because SQLite keeps its address."""
    library = _library()
    found = library.sqlite3_vfs_find(None)
    if not found:
        raise ShimMissing("SQLite has no default VFS here")
    shim = Shim(library, Vfs.from_address(found))
    shim.prove()
    return shim


def _library() -> Any:
    """The SQLite that the module ``sqlite3`` uses."""
    try:
        import _sqlite3

        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        library.sqlite3_libversion.restype = c_char_p
        library.sqlite3_vfs_find.restype = c_void_p
        library.sqlite3_vfs_find.argtypes = [c_char_p]
        library.sqlite3_vfs_register.argtypes = [c_void_p, c_int]
        library.sqlite3_vfs_unregister.argtypes = [c_void_p]
    except (ImportError, OSError, AttributeError) as error:
        raise ShimMissing(f"this Python hides its SQLite ({error})") from error
    if library.sqlite3_libversion().decode() != sqlite3.sqlite_version:
        raise ShimMissing("another SQLite answers than the one Python uses")
    return library


class Shim:
    """The watching VFS: a copy of the default one, with the methods that matter replaced.

    Its files are the files of the VFS below, in the same memory, so everything that is not
    replaced goes straight to SQLite's own code.
    """

    def __init__(self, library: Any, below: Vfs) -> None:
        self.disk: Disk | None = None
        self._library = library
        self._below = below
        self._files: dict[int, str] = {}
        self._tables: dict[int, Methods] = {}
        self._kept: list[object] = []
        self._open_below: Callable[..., int] = OPEN(below.xOpen)
        self._delete_below: Callable[..., int] = DELETE(below.xDelete)
        self.vfs = Vfs()
        ctypes.memmove(addressof(self.vfs), addressof(below), ctypes.sizeof(Vfs))
        self.vfs.zName = NAME
        self.vfs.pNext = None
        self.vfs.xOpen = self._address(OPEN(self._open))
        self.vfs.xDelete = self._address(DELETE(self._delete))

    def register(self) -> None:
        """Become the VFS that new connections use."""
        self._library.sqlite3_vfs_register(addressof(self.vfs), 1)

    def unregister(self) -> None:
        """Let new connections go past this again."""
        self._library.sqlite3_vfs_unregister(addressof(self.vfs))
        self._library.sqlite3_vfs_register(addressof(self._below), 1)

    def prove(self) -> None:
        """See a connection come by.

        Raises:
            ShimMissing: it went another way.
        """
        if self._below.iVersion < 3:
            raise ShimMissing(f"SQLite's VFS is of version {self._below.iVersion}")
        self.register()
        try:
            with closing(sqlite3.connect("")) as connection:
                connection.execute("PRAGMA temp_store = FILE")
                connection.execute("PRAGMA cache_size = 1")
                connection.execute("CREATE TABLE proof (text)")
                connection.execute("INSERT INTO proof VALUES (zeroblob(100000))")
        finally:
            self.unregister()
        if not self._tables:
            raise ShimMissing("another SQLite answers than the one Python uses")

    # What SQLite calls.

    def _open(self, _vfs: int, name: int, file: int, flags: int, flags_out: Any) -> int:
        path = _name_at(name)
        code = self.disk.opens(path, flags) if self.disk is not None else OK
        if code == READONLY:
            flags = flags & ~(OPEN_READWRITE | OPEN_CREATE) | OPEN_READONLY
        elif code:
            c_void_p.from_address(file).value = None  # no methods: nothing to close
            return code
        code = self._open_below(addressof(self._below), name, file, flags, flags_out)
        methods = c_void_p.from_address(file)
        if code == OK and methods.value:
            self._files[file] = path
            methods.value = self._table(methods.value)
        return code

    def _delete(self, _vfs: int, name: bytes, sync_folder: int) -> int:
        code = self.disk.deletes(_text(name), bool(sync_folder)) if self.disk is not None else OK
        return code or self._delete_below(addressof(self._below), name, sync_folder)

    def _table(self, below: int) -> int:
        """The address of our methods over those at ``below``; SQLite has a few sets of them."""
        if below not in self._tables:
            original = Methods.from_address(below)
            table = Methods()
            ctypes.memmove(addressof(table), below, ctypes.sizeof(Methods))
            for name, kind, make in (
                ("xClose", CLOSE, self._closing),
                ("xRead", READ, self._reading),
                ("xWrite", WRITE, self._writing),
                ("xTruncate", TRUNCATE, self._truncating),
                ("xSync", SYNC, self._syncing),
            ):
                done = make(kind(getattr(original, name)))
                setattr(table, name, self._address(kind(done)))
            self._tables[below] = table
        return addressof(self._tables[below])

    def _closing(self, below: Callable[..., int]) -> Callable[..., int]:
        def close(file: int) -> int:
            self._files.pop(file, None)
            return below(file)

        return close

    def _reading(self, below: Callable[..., int]) -> Callable[..., int]:
        def read(file: int, into: int, size: int, offset: int) -> int:
            code = self.disk.reads(self._files[file]) if self.disk is not None else OK
            return code or below(file, into, size, offset)

        return read

    def _writing(self, below: Callable[..., int]) -> Callable[..., int]:
        def write(file: int, data: int, size: int, offset: int) -> int:
            disk = self.disk
            if disk is not None and (
                code := disk.writes(self._files[file], offset, ctypes.string_at(data, size))
            ):
                return code
            return below(file, data, size, offset)

        return write

    def _truncating(self, below: Callable[..., int]) -> Callable[..., int]:
        def truncate(file: int, size: int) -> int:
            code = self.disk.truncates(self._files[file], size) if self.disk is not None else OK
            return code or below(file, size)

        return truncate

    def _syncing(self, below: Callable[..., int]) -> Callable[..., int]:
        def sync(file: int, flags: int) -> int:
            disk = self.disk
            if disk is None:
                return below(file, flags)
            path = self._files[file]
            code = disk.syncs(path) or below(file, flags)
            disk.synced(path, is_done=code == OK)
            return code

        return sync

    def _address(self, function: Any) -> int | None:
        """The address of a C function, which must stay alive."""
        self._kept.append(function)
        return ctypes.cast(function, c_void_p).value


def _name_at(address: int | None) -> str:
    """The name of a file; files without one are SQLite's own, for passing needs."""
    return _text(ctypes.string_at(address)) if address else ""


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")

"""From ``ARENA_DATABASE_URL`` to a URL with an asynchronous driver that is installed."""

import os
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.engine.unavailable import StorageUnavailable

DRIVERS = {"sqlite": "aiosqlite", "postgresql": "asyncpg"}


def address(text: str) -> URL:
    """The URL with its driver; ``postgres://`` and ``postgresql://`` mean the same.

    Raises:
        StorageUnavailable: it is no URL, or names an engine or a driver that Arena does not have.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise StorageUnavailable(
            f"ARENA_DATABASE_URL is not a database URL: {text!r}. "
            "Write sqlite:///var/arena.db or postgresql://user:password@host/database."
        ) from error
    engine, _, driver = url.drivername.partition("+")
    engine = "postgresql" if engine == "postgres" else engine
    if engine not in DRIVERS:
        raise StorageUnavailable(
            f"Arena cannot use {engine!r} as database. Use sqlite:///… or postgresql://…."
        )
    wanted = driver or DRIVERS[engine]
    if wanted != DRIVERS[engine]:
        raise StorageUnavailable(
            f"Arena talks to {engine} through {DRIVERS[engine]} only. "
            f"Leave the driver {wanted!r} out of ARENA_DATABASE_URL."
        )
    if find_spec(wanted) is None:
        raise StorageUnavailable(
            f"The Python package {wanted} is missing. Install it: pip install {wanted}."
        )
    return url.set(drivername=f"{engine}+{wanted}")


def require_there(url: URL) -> None:
    """See that there is a SQLite file already: opening would make one.

    Raises:
        StorageUnavailable: there is none.
    """
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise StorageUnavailable(
            f"There is no database {url.database} yet. Correct ARENA_DATABASE_URL, or run: "
            "python3 run.py migrate"
        )


def prepare_folder(url: URL) -> None:
    """Make the folder of a SQLite file and see that the file can be written there.

    Raises:
        StorageUnavailable: the folder or the file cannot be written.
    """
    if url.get_backend_name() != "sqlite":
        return
    if not url.database or url.database == ":memory:":
        raise StorageUnavailable(
            "Arena keeps its SQLite database in a file: set ARENA_DATABASE_URL to sqlite:///PATH."
        )
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(
            f"The folder {path.parent} cannot be made ({error.strerror}). Make it, or set "
            "ARENA_DATABASE_URL to a place where this user may write."
        ) from error
    if path.is_dir():
        raise StorageUnavailable(f"{path} is a folder. Set ARENA_DATABASE_URL to a file in it.")
    # SQLite writes -wal and -shm beside the file, so the folder must be writable too.
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise StorageUnavailable(
            f"The database {path} cannot be written. Give this user write permission on the file "
            f"and on the folder {path.parent}, or set ARENA_DATABASE_URL to another place."
        )

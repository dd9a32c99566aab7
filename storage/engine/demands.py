"""What a database must be for Arena's promises to hold; asked whenever one is opened."""

import sqlite3
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.unavailable import StorageUnavailable

POSTGRESQL_MIN: Final = 14
"""The oldest that its makers still mend; generated columns and FOR UPDATE of ours need 12."""

SQLITE_MIN: Final = (3, 35, 0)
"""Since then it has RETURNING and drops columns."""

_ASKED = text(
    "SELECT current_setting('server_version_num')::int, current_setting('server_version'), "
    "current_setting('server_encoding'), pg_is_in_recovery(), current_database()"
)


async def demand(connection: AsyncConnection) -> str:
    """What the database is, such as ``PostgreSQL 16.2, UTF8``.

    Raises:
        StorageUnavailable: it is too old, keeps no Unicode, or is a copy that only reads.
    """
    if connection.dialect.name == "sqlite":
        return sqlite_that_suffices(sqlite3.sqlite_version_info)
    number, version, encoding, is_copy, name = (await connection.execute(_ASKED)).one()
    return postgresql_that_suffices(number, version, encoding, name, is_copy=is_copy)


def sqlite_that_suffices(found: tuple[int, ...]) -> str:
    """As ``demand``, from what SQLite says of itself."""
    version = ".".join(map(str, found))
    if found < SQLITE_MIN:
        wanted = ".".join(map(str, SQLITE_MIN))
        raise StorageUnavailable(
            f"This Python has SQLite {version}; Arena needs {wanted} or newer. Use a newer Python, "
            "or PostgreSQL (ARENA_DATABASE_URL)."
        )
    return f"SQLite {version}"


def postgresql_that_suffices(
    number: int, version: str, encoding: str, name: str, *, is_copy: bool
) -> str:
    """As ``demand``, from what PostgreSQL says of itself; ``number`` is 160002 for 16.2."""
    if number // 10_000 < POSTGRESQL_MIN:
        raise StorageUnavailable(
            f"PostgreSQL {version} is too old; Arena needs {POSTGRESQL_MIN} or newer. Upgrade the "
            "server, or restore a backup into a newer one: docs/backup.md."
        )
    if encoding != "UTF8":
        raise StorageUnavailable(
            f"The database {name!r} has the encoding {encoding}, in which not every text can be "
            f"kept. Make another one: createdb --encoding=UTF8 --template=template0 {name}_utf8"
        )
    if is_copy:
        raise StorageUnavailable(
            "This PostgreSQL is a standby, which only reads. Set ARENA_DATABASE_URL to the primary."
        )
    return f"PostgreSQL {version}, {encoding}"

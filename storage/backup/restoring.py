"""An archive becomes the content of an empty database: all of it in one transaction, or nothing."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from asyncpg import PostgresError
from sqlalchemy import Connection, Insert, column, delete, insert, inspect, select, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import migrate
from storage.backup.kinds import TYPES
from storage.backup.manifest import BadArchive, Manifest, TablePart
from storage.backup.reading import Archive
from storage.backup.writing import OWN_TO_A_DATABASE
from storage.database import Transaction, is_outage
from storage.engine.address import address, prepare_folder
from storage.engine.connect import writing_engine
from storage.engine.unavailable import StorageUnavailable, explained, is_forbidden
from storage.migrations.scope import SEARCH_PREFIX

ROWS_PER_STATEMENT: Final = 200
BYTES_PER_STATEMENT: Final = 2 * 1024**2
NUMBERED: Final = "event"
"""Whose ids others outside remember: those given out after the backup are not given out again."""

_LOOSEN = "DEFERRABLE INITIALLY DEFERRED"
_FASTEN = "NOT DEFERRABLE"
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint
WHERE contype = 'f' AND NOT condeferrable AND connamespace = current_schema()::regnamespace
ORDER BY 1, 2
"""

Progress = Callable[[int], None]


@asynccontextmanager
async def restored(
    url: str, archive: Archive, *, gap: int, progress: Progress = lambda count: None
) -> AsyncIterator[Transaction]:
    """The database at ``url`` with the archive's rows in it, brought to today's tables.

    Nothing is there for anybody else until the block is left; if it raises, nothing was changed.
    ``gap`` is how many numbers of events are left out after the last one.

    Raises:
        StorageUnavailable: the database is not empty, or fails.
        BadArchive: the archive does not fit together.
    """
    target = address(url)
    prepare_folder(target)
    require_known(archive.manifest)
    engine = writing_engine(target, foreign_keys=False)
    tx = Transaction(engine, expire_on_commit=False)
    try:
        await tx.start()
        connection = await tx.connection()
        await migrate.take_turn(connection)
        await connection.run_sync(_make_tables, archive.manifest)
        await _fill(connection, archive, progress)
        await _leave_numbers(connection, gap)
        await connection.run_sync(partial(migrate.bring_to, revision="head"))
        yield tx
        await tx.commit()
    except IntegrityError as error:
        raise BadArchive(f"its rows break a rule of the tables ({error.orig})") from error
    except (OSError, PostgresError, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not (is_outage(error) or is_forbidden(error)):
            raise
        raise explained(error, target) from error
    finally:
        await tx.close()
        await engine.dispose()


def require_known(manifest: Manifest) -> None:
    """Raises BadArchive if a newer Arena made it."""
    if not migrate.is_known(manifest.revision):
        raise BadArchive(
            f"it is of revision {manifest.revision}, which this Arena (at {migrate.head()}) does "
            f"not know: it was made by a newer one (version {manifest.arena}), restore it with that"
        )


def _make_tables(connection: Connection, manifest: Manifest) -> None:
    """Empty tables as they were when the archive was made."""
    names = sorted(_tables(connection))
    found = migrate.revision_of(connection)
    if found is None and names:
        raise StorageUnavailable(f"The database has tables of something else ({names[0]}). {ELSE}")
    for name in names:
        if connection.execute(select(text("1")).select_from(table(name)).limit(1)).first():
            raise StorageUnavailable(f"The database is not empty ({name} has rows). {ELSE}")
    if found != manifest.revision:
        if found is not None:
            migrate.take_back(connection, "base")
        migrate.bring_to(connection, manifest.revision)
    _require_same(connection, manifest)


ELSE: Final = (
    "An archive is restored into an empty database only: make a new one, or name a new file, and "
    "set ARENA_DATABASE_URL to it."
)


def _tables(connection: Connection) -> set[str]:
    found = inspect(connection).get_table_names()
    own = {"alembic_version", *OWN_TO_A_DATABASE}
    return {name for name in found if name not in own and not name.startswith(SEARCH_PREFIX)}


def _require_same(connection: Connection, manifest: Manifest) -> None:
    """The archive must hold exactly the tables and columns of its revision."""
    wanted = _tables(connection)
    if wanted != {part.name for part in manifest.tables}:
        raise BadArchive(f"it does not hold the tables of revision {manifest.revision}")
    looked_at = inspect(connection)
    for part in manifest.tables:
        there = {
            each["name"]
            for each in looked_at.get_columns(part.name)
            if not each["name"].startswith(SEARCH_PREFIX)
        }
        if there != {name for name, _ in part.columns}:
            raise BadArchive(f"its table {part.name} is not that of revision {manifest.revision}")


async def _fill(connection: AsyncConnection, archive: Archive, progress: Progress) -> None:
    """Bring in all rows; rows may name others that come later, at the end all must be there."""
    parts = archive.manifest.tables
    loosened = await _loosen(connection)
    for part in reversed(parts):
        await connection.execute(delete(table(part.name)))  # what migrations begin with
    for part in parts:
        statement = _insert(part)
        for rows in _some(archive, part):
            await connection.execute(statement, rows)
            progress(len(rows))
    if connection.dialect.name == "sqlite":
        broken = (await connection.execute(text("PRAGMA foreign_key_check"))).first()
        if broken is not None:
            raise BadArchive(f"a row of its table {broken[0]} names a row that is not there")
    await _fasten(connection, loosened)


def _insert(part: TablePart) -> Insert:
    return insert(table(part.name, *(column(name, TYPES[kind]) for name, kind in part.columns)))


def _some(archive: Archive, part: TablePart) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table, as many at once as memory has room for."""
    names = [name for name, _ in part.columns]
    rows: list[dict[str, Any]] = []
    size = 0
    for row, length in archive.rows(part):
        rows.append(dict(zip(names, row, strict=True)))
        size += length
        if len(rows) >= ROWS_PER_STATEMENT or size >= BYTES_PER_STATEMENT:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows


async def _loosen(connection: AsyncConnection) -> list[tuple[str, str]]:
    """Let PostgreSQL look at foreign keys at the end; SQLite does not look in this connection."""
    if connection.dialect.name != "postgresql":
        return []
    keys = [(row[0], row[1]) for row in await connection.execute(text(_FOREIGN_KEYS))]
    for where, name in keys:
        await connection.execute(text(f"ALTER TABLE {where} ALTER CONSTRAINT {name} {_LOOSEN}"))
    return keys


async def _fasten(connection: AsyncConnection, keys: list[tuple[str, str]]) -> None:
    """Look at all foreign keys now, and at once from now on."""
    if keys:
        await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for where, name in keys:
        await connection.execute(text(f"ALTER TABLE {where} ALTER CONSTRAINT {name} {_FASTEN}"))


async def _leave_numbers(connection: AsyncConnection, gap: int) -> None:
    """Number the next event after all that were ever given out, also those that are lost."""
    if connection.dialect.name == "sqlite":
        later = text("UPDATE sqlite_sequence SET seq = seq + :gap WHERE name = :name")
        await connection.execute(later, {"gap": gap, "name": NUMBERED})
        return
    await connection.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{NUMBERED}', 'id'), "
            f"(SELECT coalesce(max(id), 0) FROM {NUMBERED}) + :gap)"
        ),
        {"gap": gap},
    )

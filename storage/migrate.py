"""Brings the tables of a database to what this Arena needs."""

import asyncio
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from asyncpg import PostgresError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import METADATA, Database, is_outage
from storage.engine.address import address, prepare_folder
from storage.engine.connect import MIGRATION_TIMEOUT_MS, writing_engine
from storage.engine.demands import demand
from storage.engine.unavailable import StorageUnavailable, TableHeld, explained, is_forbidden
from storage.migrations.promises import is_served, promise
from storage.migrations.scope import include_object

FOLDER = Path(__file__).parent / "migrations"
# Any constant of our own: two processes that migrate at once wait for each other.
LOCK_KEY = 0x6172656E61

TURN_MS = MIGRATION_TIMEOUT_MS
"""How long a migration waits for another one, or for a backup, to end."""

TABLE_MS = 2_000
"""How long it waits for a table that somebody holds; meanwhile everybody else waits, too."""

TRIES = 5
PAUSE_S = 2.0

Answer = TypeVar("Answer")


async def upgrade(url: str, folder: Path = FOLDER) -> None:
    """Apply all pending migrations in one transaction; nothing to do is fine.

    Raises:
        StorageUnavailable: it cannot be reached or written, or a newer Arena made it and does
            not serve this one.
    """
    await _patiently(url, lambda connection: bring_to(connection, "head", folder))


async def downgrade(url: str, revision: str) -> None:
    """Undo migrations down to ``revision`` (``base``: all); their data is lost."""
    await _patiently(url, lambda connection: take_back(connection, revision))


async def current(url: str) -> str | None:
    """The revision that the database at ``url`` is at; None if it is empty."""
    return await _connected(url, revision_of)


async def check(url: str) -> list[Any]:
    """What differs between the migrated database and the tables in code; empty if nothing."""
    return await _connected(url, _differences)


async def draft(url: str, message: str, number: str) -> None:
    """Write ``versions/{number}_….py`` with what a current database at ``url`` still lacks."""

    def write(connection: Connection) -> None:
        command.revision(_config(connection, FOLDER), message, autogenerate=True, rev_id=number)

    await _connected(url, write)


@cache
def head(folder: Path = FOLDER) -> str:
    """The revision that this Arena needs; read once, for every migration is loaded for it."""
    found = _scripts(folder).get_current_head()
    assert found is not None, "there is no migration"
    return found


def is_known(revision: str) -> bool:
    """Whether this Arena has the migration."""
    return revision in {script.revision for script in _scripts(FOLDER).walk_revisions()}


async def require_current(database: Database) -> None:
    """Refuse to work on a database that does not serve this Arena.

    Raises:
        StorageUnavailable: migrations are pending, or a newer Arena made the database and took
            away what this one needs.
    """
    async with database.read() as tx:
        connection = await tx.connection()
        found = await connection.run_sync(revision_of)
        if found == head() or await connection.run_sync(_is_newer_but_serves, found, FOLDER):
            return
    raise StorageUnavailable(
        f"The database is {'empty' if found is None else f'at revision {found}'}, this Arena "
        f"needs revision {head()}. Run: python3 run.py migrate"
    )


def bring_to(connection: Connection, revision: str, folder: Path = FOLDER) -> None:
    """Apply the migrations up to ``revision`` in the caller's transaction.

    Raises:
        StorageUnavailable: a newer Arena made the database and does not serve this one.
    """
    scripts, found = _scripts(folder), revision_of(connection)
    if found == head(folder) or _is_newer_but_serves(connection, found, folder):
        return
    command.upgrade(_config(connection, folder), revision)
    promise(connection, scripts, revision_of(connection))
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        assert not broken, f"the migration broke foreign keys: {broken[:5]}"


def take_back(connection: Connection, revision: str) -> None:
    """Undo the migrations down to ``revision`` in the caller's transaction."""
    command.downgrade(_config(connection, FOLDER), revision)
    promise(connection, _scripts(FOLDER), revision_of(connection))


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at; None if it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


async def _patiently(url: str, work: Callable[[Connection], None]) -> None:
    """Do ``work``, and try again when somebody holds a table for too long.

    Who waits for a table lets nobody else to it meanwhile, so that is kept short.
    """
    for left in reversed(range(TRIES)):
        try:
            return await _connected(url, work)
        except TableHeld:
            if not left:
                raise
        await asyncio.sleep(PAUSE_S)
    return None


async def _connected(url: str, work: Callable[[Connection], Answer]) -> Answer:
    """Do ``work`` in one transaction that no other migration can overlap."""
    target = address(url)
    prepare_folder(target)
    engine = writing_engine(target, foreign_keys=False)
    try:
        async with engine.begin() as connection:
            await take_turn(connection)
            return await connection.run_sync(work)
    except (OSError, PostgresError) as error:
        raise explained(error, target) from error
    except DBAPIError as error:
        if is_outage(error) or is_forbidden(error):
            raise explained(error, target) from error
        raise
    finally:
        await engine.dispose()


async def take_turn(connection: AsyncConnection) -> None:
    """Wait until no other migration and no backup runs; on SQLite the transaction is alone.

    Raises:
        StorageUnavailable: the database is not what Arena needs.
    """
    await demand(connection)
    if connection.dialect.name != "postgresql":
        return
    patience = text("SELECT set_config('lock_timeout', :ms, true)")
    await connection.execute(patience, {"ms": str(TURN_MS)})
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    await connection.execute(patience, {"ms": str(TABLE_MS)})


def _is_newer_but_serves(connection: Connection, found: str | None, folder: Path) -> bool:
    """Whether a newer Arena made the database, and this one may go on.

    Raises:
        StorageUnavailable: a newer Arena made it, and this one may not.
    """
    scripts = _scripts(folder)
    known = {script.revision for script in scripts.walk_revisions()}
    if found is None or found in known:
        return False
    if is_served(connection, scripts, found):
        return True
    raise StorageUnavailable(
        f"The database is at revision {found}, which this Arena does not know: a newer Arena "
        f"made it, and it no longer serves programs of revision {head(folder)}. Start the newer "
        "Arena here too, or restore a backup from before."
    )


def _differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "include_object": include_object}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, METADATA))


@cache
def _scripts(folder: Path) -> ScriptDirectory:
    return ScriptDirectory(str(folder))


def _config(connection: Connection, folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    return config

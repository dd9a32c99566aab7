"""Brings the tables of a database to what this Arena needs."""

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

from storage.database import METADATA, Database, is_outage
from storage.engine.address import address, prepare_folder
from storage.engine.connect import writing_engine
from storage.engine.unavailable import StorageUnavailable, explained
from storage.migrations.scope import include_object

FOLDER = Path(__file__).parent / "migrations"
# Any constant of our own: two processes that migrate at once wait for each other.
LOCK_KEY = 0x6172656E61

Answer = TypeVar("Answer")


async def upgrade(url: str) -> None:
    """Apply all pending migrations in one transaction; nothing to do is fine.

    Raises:
        StorageUnavailable: it cannot be reached or written, or a newer Arena made it.
    """
    await _connected(url, _upgrade)


async def downgrade(url: str, revision: str) -> None:
    """Undo migrations down to ``revision`` (``base``: all); their data is lost."""
    await _connected(url, lambda connection: command.downgrade(_config(connection), revision))


async def current(url: str) -> str | None:
    """The revision that the database at ``url`` is at; None if it is empty."""
    return await _connected(url, _revision)


async def check(url: str) -> list[Any]:
    """What differs between the migrated database and the tables in code; empty if nothing."""
    return await _connected(url, _differences)


async def draft(url: str, message: str, number: str) -> None:
    """Write ``versions/{number}_….py`` with what a current database at ``url`` still lacks."""

    def write(connection: Connection) -> None:
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)

    await _connected(url, write)


@cache
def head() -> str:
    """The revision that this Arena needs; read once, for every migration is loaded for it."""
    found = ScriptDirectory(str(FOLDER)).get_current_head()
    assert found is not None, "there is no migration"
    return found


async def require_current(database: Database) -> None:
    """Refuse to work on a database that is not at ``head``.

    Raises:
        StorageUnavailable: migrations are pending, or a newer Arena made the database.
    """
    async with database.read() as tx:
        found = await (await tx.connection()).run_sync(_revision)
    if found == head():
        return
    _refuse_unknown(found)
    raise StorageUnavailable(
        f"The database is {'empty' if found is None else f'at revision {found}'}, this Arena "
        f"needs revision {head()}. Run: python3 run.py migrate"
    )


async def _connected(url: str, work: Callable[[Connection], Answer]) -> Answer:
    """Do ``work`` in one transaction that no other migration can overlap."""
    target = address(url)
    prepare_folder(target)
    engine = writing_engine(target, foreign_keys=False)
    try:
        async with engine.begin() as connection:
            if target.get_backend_name() == "postgresql":
                await connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY}
                )
            return await connection.run_sync(work)
    except (OSError, PostgresError) as error:
        raise explained(error, target) from error
    except DBAPIError as error:
        if is_outage(error):
            raise explained(error, target) from error
        raise
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    found = _revision(connection)
    if found == head():
        return
    _refuse_unknown(found)
    command.upgrade(_config(connection), "head")
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        assert not broken, f"the migration broke foreign keys: {broken[:5]}"


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "include_object": include_object}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, METADATA))


def _refuse_unknown(found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}
    if found is not None and found not in known:
        raise StorageUnavailable(
            f"The database is at revision {found}, which this Arena does not know: a newer Arena "
            "made it. Start that one, or restore a backup from before."
        )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config

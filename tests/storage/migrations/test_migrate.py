"""Migrations: to the head from nothing, once, under a lock, and equal to the tables in code."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import migrate
from storage.database import Database, StorageUnavailable


async def revision(url: str, value: str) -> None:
    """Pretend that the database is at another revision."""
    database = await Database.open(url)
    async with database.write() as tx:
        await tx.run(text("UPDATE alembic_version SET version_num = :value"), {"value": value})
    await database.close()


async def test_migrations_make_exactly_the_tables_of_the_code(empty_database_url: str) -> None:
    await migrate.upgrade(empty_database_url)
    assert await migrate.check(empty_database_url) == []
    assert await migrate.current(empty_database_url) == migrate.head()


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    await migrate.upgrade(database_url)
    assert await migrate.current(database_url) == migrate.head()


async def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    await asyncio.gather(*(migrate.upgrade(empty_database_url) for _ in range(4)))
    assert await migrate.check(empty_database_url) == []


async def test_an_empty_database_says_how_to_migrate(empty_database_url: str) -> None:
    database = await Database.open(empty_database_url)
    with pytest.raises(StorageUnavailable, match=r"is empty.*python3 run.py migrate"):
        await migrate.require_current(database)
    await database.close()


async def test_pending_migrations_say_how_to_migrate(database_url: str) -> None:
    await revision(database_url, "0001")
    database = await Database.open(database_url)
    with pytest.raises(StorageUnavailable, match=r"at revision 0001.*python3 run.py migrate"):
        await migrate.require_current(database)
    await database.close()


async def test_a_newer_database_is_left_alone(database_url: str) -> None:
    await revision(database_url, "9999")
    with pytest.raises(StorageUnavailable, match="a newer Arena"):
        await migrate.upgrade(database_url)
    assert await migrate.current(database_url) == "9999"


async def test_a_current_database_is_accepted(database: Database) -> None:
    await migrate.require_current(database)


async def test_migrations_can_be_undone(database_url: str) -> None:
    await migrate.downgrade(database_url, "base")
    assert await migrate.current(database_url) is None
    await migrate.upgrade(database_url)
    assert await migrate.check(database_url) == []


async def test_the_folder_of_a_new_sqlite_file_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'var' / 'deep' / 'arena.db'}"
    await migrate.upgrade(url)
    assert await migrate.current(url) == migrate.head()

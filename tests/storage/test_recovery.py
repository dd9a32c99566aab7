"""A database that failed is found again without a restart, through connections of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import text

from bench.disk import vfs
from bench.disk.faults import Fault, SwitchedDisk, switch
from storage.database import Database, StorageUnavailable
from tests.servers.postgresql import postgres
from tests.storage.making import a_person

watched = pytest.mark.skipif(vfs.why_not() is not None, reason=str(vfs.why_not()))


@watched
@pytest.mark.parametrize("fault", [each for each in Fault if each is not Fault.NONE])
async def test_s21_a_mended_disk_is_written_again(
    fault: Fault, sqlite_url: str, tmp_path: Path
) -> None:
    with vfs.watched(SwitchedDisk(tmp_path / "fault")):
        database = await Database.open(sqlite_url)
        try:
            await a_person(database, "before")
            switch(tmp_path / "fault", fault)
            for _ in range(3):
                with pytest.raises(StorageUnavailable):
                    await fill_up(database)
            switch(tmp_path / "fault", Fault.NONE)
            await a_person(database, "after")
            async with database.read() as tx:
                handles = (await tx.run(text("SELECT handle FROM person ORDER BY handle"))).all()
            assert handles == [("after",), ("before",)]
        finally:
            await database.close()


@watched
async def test_s21_no_handle_that_failed_is_used_again(sqlite_url: str, tmp_path: Path) -> None:
    with vfs.watched(SwitchedDisk(tmp_path / "fault")):
        database = await Database.open(sqlite_url)
        try:
            before = await connection_of(database)
            assert await connection_of(database) is before
            switch(tmp_path / "fault", Fault.SYNC_ERROR)
            with pytest.raises(StorageUnavailable):
                await a_person(database)
            switch(tmp_path / "fault", Fault.NONE)
            assert await connection_of(database) is not before
        finally:
            await database.close()


async def test_s23_a_postgresql_that_died_is_found_again() -> None:
    server = postgres(durable=True)
    server.start()
    try:
        database = await Database.open(server.url)
        async with database.write() as tx:
            await tx.run(text("CREATE TABLE kept (word text)"))
        server.kill()
        for opened in (database.read, database.write):
            with pytest.raises(StorageUnavailable, match="No PostgreSQL answers"):
                async with opened() as tx:
                    await tx.run(text("SELECT 1"))
        server.restart()
        async with database.write() as tx:
            await tx.run(text("INSERT INTO kept VALUES ('there')"))
        async with database.read() as tx:
            assert (await tx.run(text("SELECT word FROM kept"))).scalar() == "there"
        await database.close()
    finally:
        server.stop()


async def test_s23_a_postgresql_that_hangs_counts_as_away(postgres_url: str) -> None:
    with patch("storage.engine.connect.STATEMENT_S_MAX", 0.2):
        database = await Database.open(postgres_url)
    try:
        with pytest.raises(StorageUnavailable, match="does not answer in time"):
            async with database.write() as tx:
                await tx.run(text("SELECT pg_sleep(20)"))
        await a_person(database, "after")
    finally:
        await database.close()


async def fill_up(database: Database) -> None:
    """Read and write more than any cache holds back."""
    async with database.write() as tx:
        await tx.run(text("SELECT count(*) FROM document"))
        await tx.run(text("UPDATE alembic_version SET version_num = version_num"))


async def connection_of(database: Database) -> Any:
    """The driver's connection that writes now."""
    async with database.write() as tx:
        raw = await (await tx.connection()).get_raw_connection()
        return raw.driver_connection

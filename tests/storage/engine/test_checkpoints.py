"""The write-ahead log is moved into the database when nobody reads, and that fails nobody."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import text

from storage.database import Database, StorageUnavailable
from storage.engine.checkpoints import COMMITS_UNTIL_NEXT_TRY, Checkpoints
from tests.storage.making import a_person

COMMITS = 5


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Database]:
    """A database on SQLite whose log is moved after a few commits."""
    with patch("storage.engine.checkpoints.COMMITS", COMMITS):
        opened = await Database.open(sqlite_url)
        yield opened
        await opened.close()


def moved(database: Database, folder: Path) -> int:
    """How many people the database file has without its log."""
    alone = folder / "alone.db"
    shutil.copyfile(database.url.database or "", alone)
    with closing(sqlite3.connect(alone)) as connection:
        return int(connection.execute("SELECT count(*) FROM person").fetchone()[0])


async def test_s20_the_log_is_moved_after_some_commits(small: Database, tmp_path: Path) -> None:
    # Opening has committed once already.
    for _ in range(COMMITS - 2):
        await a_person(small)
    assert moved(small, tmp_path) == 0
    await a_person(small)
    assert moved(small, tmp_path) == COMMITS - 1


async def test_s20_no_part_of_the_log_is_moved_while_somebody_reads(
    small: Database, tmp_path: Path
) -> None:
    async with small.read() as tx:
        await tx.run(text("SELECT 1 FROM person"))
        for _ in range(COMMITS):
            await a_person(small)
        assert moved(small, tmp_path) == 0
    for _ in range(COMMITS_UNTIL_NEXT_TRY):
        await a_person(small)
    assert moved(small, tmp_path) > COMMITS


async def test_s21_a_log_that_cannot_be_moved_fails_no_commit_and_is_tried_again() -> None:
    tries = 0

    async def fail() -> None:
        nonlocal tries
        tries += 1
        raise StorageUnavailable("disk I/O error")

    with patch("storage.engine.checkpoints.COMMITS", 1):
        checkpoints = Checkpoints(fail)
    for _ in range(1 + 2 * COMMITS_UNTIL_NEXT_TRY):
        await checkpoints.committed()
    assert tries == 3
    async with asyncio.timeout(1), checkpoints.reading():
        pass

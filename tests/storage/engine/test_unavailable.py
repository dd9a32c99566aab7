"""A database that cannot be used says in one sentence what to do."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.database import Database, StorageUnavailable
from tests.servers.postgresql import unprivileged_account
from tests.servers.process import free_port
from tests.sources import ROOT


async def refusal(url: str) -> str:
    """What opening the database says."""
    with pytest.raises(StorageUnavailable) as refused:
        await Database.open(url)
    return str(refused.value)


async def test_what_is_no_url_shows_how_one_looks() -> None:
    assert "sqlite:///var/arena.db or postgresql://" in await refusal("arena.db")


async def test_another_engine_is_refused_by_name() -> None:
    assert "cannot use 'mysql'" in await refusal("mysql://localhost/arena")


@pytest.mark.parametrize("url", ["postgresql+psycopg2://localhost/arena", "sqlite+pysqlite:///a"])
async def test_another_driver_is_refused_by_name(url: str) -> None:
    assert "Leave the driver" in await refusal(url)


async def test_sqlite_in_memory_is_refused() -> None:
    assert "sqlite:///PATH" in await refusal("sqlite://")


async def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path} is a folder" in await refusal(f"sqlite:///{tmp_path}")


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    said = await refusal(f"sqlite:///{tmp_path / 'var' / 'arena.db'}")
    assert f"The folder {tmp_path / 'var'} cannot be made" in said


async def test_a_file_that_is_no_database_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "arena.db"
    file.write_bytes(b"not a database, but somebody's text" * 100)
    before = file.read_bytes()
    assert "is not a readable SQLite database" in await refusal(f"sqlite:///{file}")
    assert file.read_bytes() == before


OPEN = """
import asyncio, os, sys
from storage.database import Database, StorageUnavailable
uid = int(sys.argv[2])
if uid:
    os.setgid(uid); os.setuid(uid)
try:
    asyncio.run(Database.open(sys.argv[1]))
except StorageUnavailable as error:
    print(error)
"""


def test_an_unwritable_folder_is_named(open_folder: Path) -> None:
    folder = open_folder / "var"
    folder.mkdir(mode=0o555)
    # Root may write everywhere, so somebody else tries.
    uid = unprivileged_account().pw_uid if os.geteuid() == 0 else 0
    command = [sys.executable, "-c", OPEN, f"sqlite:///{folder / 'arena.db'}", str(uid)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert f"write permission on the file and on the folder {folder}" in done.stdout, done.stderr


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may look into, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


async def test_a_missing_postgres_server_is_named() -> None:
    port = free_port()
    said = await refusal(f"postgresql://arena:secret@127.0.0.1:{port}/arena")
    assert f"No PostgreSQL answers at 127.0.0.1:{port}" in said
    assert "secret" not in said


async def test_a_missing_postgres_database_is_named(postgres_server: str) -> None:
    url = make_url(postgres_server).set(database="nowhere").render_as_string(hide_password=False)
    assert "has no database 'nowhere'" in await refusal(url)


async def test_a_postgres_user_without_entry_is_named(postgres_server: str) -> None:
    url = make_url(postgres_server).set(username="nobody_at_all", password="secret")
    said = await refusal(url.render_as_string(hide_password=False))
    assert "refused the user 'nobody_at_all'" in said
    assert "secret" not in said

"""The connections that write are as durable as they must be, whatever the server's default."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url, text

from storage.database import Database
from tests.conftest import administer


@pytest.fixture(params=["off", "local", "on", "remote_apply"])
async def default(request: pytest.FixtureRequest, postgres_url: str) -> str:
    """A PostgreSQL database whose connections begin with this ``synchronous_commit``."""
    name = make_url(postgres_url).database
    await administer(
        postgres_url, f'ALTER DATABASE "{name}" SET synchronous_commit = {request.param}'
    )
    return str(request.param)


async def test_s24_postgresql_syncs_each_commit(default: str, postgres_url: str) -> None:
    database = await Database.open(postgres_url)
    try:
        for _ in range(2):  # the second time on a connection that has been given back
            async with database.write() as tx:
                found = (await tx.run(text("SHOW synchronous_commit"))).scalar()
            assert found == ("on" if default == "off" else default)
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("pragma", "wanted"),
    [("synchronous", 2), ("journal_mode", "wal"), ("fullfsync", 1), ("checkpoint_fullfsync", 1)],
)
async def test_s24_sqlite_syncs_each_commit(
    sqlite_url: str, pragma: str, wanted: int | str
) -> None:
    database = await Database.open(sqlite_url)
    try:
        async with database.write() as tx:
            found = (await tx.run(text(f"PRAGMA {pragma}"))).scalar()
    finally:
        await database.close()
    assert found == wanted

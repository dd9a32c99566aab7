"""What a database must be, and what an operator reads when it is something else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from sqlalchemy import make_url

from storage import migrate
from storage.database import Database, StorageUnavailable
from storage.engine.clock import Skew, compared, skew
from storage.engine.demands import postgresql_that_suffices, sqlite_that_suffices
from tests.conftest import administer, create_database, drop_database, named

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "encoding", "is_copy", "sentence"),
    [
        (130018, "UTF8", False, r"PostgreSQL 1\.2 is too old; Arena needs 14 or newer\. Upgrade"),
        (90624, "UTF8", False, "is too old"),
        (160002, "LATIN1", False, "encoding LATIN1.*createdb --encoding=UTF8.*arena_utf8"),
        (160002, "UTF8", True, "is a standby, which only reads.*to the primary"),
    ],
)
def test_t37_a_postgresql_that_does_not_suffice_is_refused(
    number: int, encoding: str, is_copy: bool, sentence: str
) -> None:
    with pytest.raises(StorageUnavailable, match=sentence):
        postgresql_that_suffices(number, "1.2", encoding, "arena", is_copy=is_copy)


def test_t37_the_oldest_that_suffice_are_taken() -> None:
    assert "14.0" in postgresql_that_suffices(140000, "14.0", "UTF8", "arena", is_copy=False)
    assert sqlite_that_suffices((3, 35, 0)) == "SQLite 3.35.0"
    with pytest.raises(StorageUnavailable, match=r"has SQLite 3\.34\.9; Arena needs 3\.35\.0"):
        sqlite_that_suffices((3, 34, 9))


async def test_t37_a_database_in_another_encoding_is_refused(postgres_server: str) -> None:
    name = await create_database(postgres_server)
    await drop_database(postgres_server, name)
    await administer(
        postgres_server,
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'",
    )
    url = named(postgres_server, name)
    for refused in (Database.open, migrate.upgrade):
        with pytest.raises(StorageUnavailable, match="has the encoding SQL_ASCII"):
            await refused(url)
    await drop_database(postgres_server, name)


async def test_t37_an_account_that_may_not_make_tables_is_told_how(
    postgres_server: str, empty_postgres_url: str
) -> None:
    account = f"guest_{make_url(empty_postgres_url).database}"
    await administer(postgres_server, f"CREATE ROLE {account} LOGIN")
    owner = await asyncpg.connect(empty_postgres_url)
    await owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    await owner.close()
    guest = make_url(empty_postgres_url).set(username=account)
    with pytest.raises(StorageUnavailable, match=rf"{account}' do that.*ALTER DATABASE .* OWNER"):
        await migrate.upgrade(guest.render_as_string(hide_password=False))
    await administer(postgres_server, f"DROP ROLE {account}")


async def test_t37_a_host_that_nobody_knows_is_named() -> None:
    with pytest.raises(StorageUnavailable, match=r"Nobody knows the host 'db\.invalid'") as said:
        await Database.open("postgresql://arena:secret@db.invalid/arena")
    assert "secret" not in str(said.value)


def test_t38_a_slow_answer_is_no_proof_of_another_time() -> None:
    look = compared(NOON, NOON + timedelta(seconds=9), NOON + timedelta(seconds=10))
    assert look == Skew(timedelta(seconds=-4), timedelta(seconds=5))
    assert look.at_least == timedelta(0)
    exact = compared(NOON, NOON - timedelta(seconds=6), NOON)
    assert (exact.ahead, exact.at_least) == (timedelta(seconds=6), timedelta(seconds=6))


async def test_t38_the_database_is_asked_for_its_time(database: Database) -> None:
    found = await skew(database, lambda: datetime.now(UTC) + timedelta(hours=1))
    if database.dialect == "sqlite":
        assert found == Skew(timedelta(0), timedelta(0))
    else:
        assert timedelta(minutes=59) < found.ahead < timedelta(minutes=61)

"""Fixtures for everyone: throwaway servers, and migrated databases on both engines.

A test that takes ``database`` or ``database_url`` runs once on SQLite and once on PostgreSQL, each
time on a database of its own. ``ARENA_TEST_POSTGRES_URL`` and ``ARENA_TEST_REDIS_URL`` name servers
to use instead of throwaway ones; the account must be allowed to create databases.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from storage import migrate
from storage.database import Database
from tests.harness import costs, economy
from tests.servers.postgresql import postgres
from tests.servers.valkey import valkey

pytest_plugins = ["tests.harness.fixtures", "tests.topology.fixtures"]

REDIS_DATABASES = 16

LONGEST_FIRST = (
    "tests/topology/test_faults.py",
    "tests/e2e/",
    "tests/topology/",
    "tests/server/workers/",
    "tests/server/durability/",
    "tests/server/test_ending.py",
    "tests/server/crash/",
    "tests/bench/",
    "tests/server/erasure/",
    "tests/server/test_traces.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--costs`` shows where the processor's time goes."""
    parser.addoption("--costs", action="store_true", help="show the processor seconds of the tests")


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest-xdist deal the files out as ordered here, not by how many tests they hold."""
    if config.getoption("--costs"):
        config.pluginmanager.register(costs.Meter())
        if not hasattr(config, "workerinput"):
            config.pluginmanager.register(costs.Bill())
    config.option.loadscopereorder = False
    # How long an example takes is no property of the code on a machine that does other things.
    settings.register_profile("arena", deadline=None)
    settings.load_profile("arena")
    economy.keep_files_in_memory()
    economy.share_compiled_statements()
    economy.build_commands_once()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Three test processes for two cores: each waits a good part of its time for somebody else."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None  # pytest-xdist reads it itself
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (cores or 1) * 3 // 2


def pytest_collection_finish() -> None:
    """Begin the tests with nothing left to tidy up."""
    economy.look_for_garbage_less_often()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files: one that begins last leaves the other cores idle meanwhile.

    The order of the others and within a file stays, so that every test process sees the same.
    """
    items.sort(key=lambda item: _turn(item.nodeid))


def _turn(nodeid: str) -> int:
    for turn, start in enumerate(LONGEST_FIRST):
        if nodeid.startswith(start):
            return turn
    return len(LONGEST_FIRST)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server's maintenance database."""
    if given := os.environ.get("ARENA_TEST_POSTGRES_URL"):
        yield given
        return
    server = postgres()
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def redis_server(worker_number: int) -> Iterator[str]:
    """The URL of a Redis or Valkey database that this test process has for itself."""
    if given := os.environ.get("ARENA_TEST_REDIS_URL"):
        number = worker_number % REDIS_DATABASES
        yield make_url(given).set(database=str(number)).render_as_string(hide_password=False)
        return
    server = valkey()
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
async def redis_url(redis_server: str) -> str:
    """An empty Redis or Valkey database."""
    from redis.asyncio import Redis

    async with Redis.from_url(redis_server) as client:
        await client.flushdb()
    return redis_server


@pytest.fixture(scope="session")
def worker_number() -> int:
    """The number of this test process if pytest-xdist runs several, else 0."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "arena.db"
    await migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
async def postgres_template(postgres_server: str) -> AsyncIterator[str]:
    """The name of a migrated PostgreSQL database to copy."""
    name = await create_database(postgres_server)
    await migrate.upgrade(named(postgres_server, name))
    yield name
    await drop_database(postgres_server, name)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own."""
    shutil.copyfile(sqlite_template, tmp_path / "arena.db")
    return f"sqlite:///{tmp_path / 'arena.db'}"


@pytest.fixture
async def postgres_url(postgres_server: str, postgres_template: str) -> AsyncIterator[str]:
    """A migrated PostgreSQL database of the test's own."""
    name = await create_database(postgres_server, template=postgres_template)
    yield named(postgres_server, name)
    await drop_database(postgres_server, name)


@pytest.fixture
async def empty_postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """A PostgreSQL database without any table."""
    name = await create_database(postgres_server)
    yield named(postgres_server, name)
    await drop_database(postgres_server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of the test's own, on either engine in turn."""
    url: str = request.getfixturevalue(
        "sqlite_url" if request.param == "sqlite" else "postgres_url"
    )
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table, on either engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database, on either engine in turn."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


async def create_database(server: str, *, template: str = "template1") -> str:
    """Create a database with a name that nobody else has; return the name."""
    name = f"arena_test_{uuid4().hex}"
    connection = await asyncpg.connect(server)
    try:
        # Writing every page of the template into the log, as is usual, costs twice as much.
        can_copy = connection.get_server_version().major >= 15
        copying = " STRATEGY file_copy" if can_copy else ""
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{copying}')
    finally:
        await connection.close()
    return name


async def drop_database(server: str, name: str) -> None:
    await administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def administer(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def named(server: str, database: str) -> str:
    """The URL of another database of the server."""
    return make_url(server).set(database=database).render_as_string(hide_password=False)

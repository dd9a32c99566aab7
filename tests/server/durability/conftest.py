"""Stages for a nemesis: a server and two people who type, on either engine."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bench.disk.stage import Stage, staged
from tests.harness.fixtures import Demonstration
from tests.servers import postgresql
from tests.servers.postgresql import Postgres


@pytest.fixture
def seed() -> int:
    """The seed of this run, printed; ``ARENA_TEST_SEED`` repeats one."""
    seed = int(os.environ.get("ARENA_TEST_SEED", random.randrange(2**32)))
    print(f"ARENA_TEST_SEED={seed}")  # noqa: T201
    return seed


@pytest.fixture
def rng(seed: int) -> random.Random:
    """The dice of this run."""
    return random.Random(seed)


@pytest.fixture
async def on_sqlite(demonstration: Demonstration, tmp_path: Path) -> AsyncIterator[Stage]:
    """A server with a demonstration arena on SQLite, its disk under our hand."""
    url = demonstration.copy_to(tmp_path)
    async with staged(url, tmp_path, demonstration.tokens) as stage:
        yield stage


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that may be killed and keeps every commit."""
    server = postgresql.postgres(durable=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def on_postgres(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Stage]:
    """A server with a demonstration arena on a PostgreSQL of its own."""
    async with staged(postgres.url, tmp_path) as stage:
        yield stage

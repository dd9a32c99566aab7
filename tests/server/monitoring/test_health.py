"""Whether a process is ready: one word for each part, cheap to ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from structlog.testing import CapturingLogger

from server.monitoring import health, sampler
from server.monitoring.sampler import Sampler
from storage.database import Database, StorageUnavailable
from tests.server.running import Arena, running


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path) as arena:
        yield arena


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found out about the database is out of date at once."""
    monkeypatch.setattr(health, "HOLDS_S", 0.0)


async def unready(arena: Arena) -> dict[str, object]:
    answer = await arena.client.get("/readyz")
    assert answer.status_code == 503
    said: dict[str, object] = answer.json()
    return said


async def test_t56_many_health_checks_are_one_look_at_the_database(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    proofs: list[Database] = []
    prove = Database.prove

    async def counted(database: Database) -> None:
        proofs.append(database)
        await prove(database)

    monkeypatch.setattr(Database, "prove", counted)
    monkeypatch.setattr(health, "HOLDS_S", 3_600.0)
    answers = await asyncio.gather(*(arena.client.get("/readyz") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(proofs) == 1
    await asyncio.gather(*(arena.client.get("/healthz") for _ in range(50)))
    assert len(proofs) == 1, "that a process lives says nothing about the database"


async def test_t51_tables_of_another_release_are_told_from_a_database_that_is_away(
    arena: Arena, held: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with arena.services.database.write() as tx:
        await tx.run(text("DELETE FROM alembic_version"))
    said = await unready(arena)
    assert (said["database"], said["migrations"]) == ("ok", "missing")

    async def no_answer(database: Database) -> None:
        raise StorageUnavailable("There is no space left.")

    monkeypatch.setattr("server.monitoring.health.quarantine.counts", no_answer)
    assert await unready(arena) == {
        "status": "unavailable",
        "database": "unavailable",
        "relay": "none",
    }


async def test_t51_a_database_that_can_only_be_read_is_said(
    arena: Arena, held: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(database: Database) -> None:
        raise StorageUnavailable("There is no space left.")

    monkeypatch.setattr(Database, "prove", full)
    assert (await unready(arena))["database"] == "read-only"


async def test_t51_readiness_names_no_secret(arena: Arena) -> None:
    said = (await arena.client.get("/readyz")).text
    assert "arena.db" not in said
    assert "sqlite" not in said


async def test_t55_that_the_database_went_and_came_is_said_once_each(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = CapturingLogger()
    monkeypatch.setattr(sampler, "log", said)
    looking, load = Sampler(arena.services), arena.services.database.load
    for is_away in (False, True, True, True, False, False):
        load.is_away["write"] = is_away
        looking._tell_of_database()
    assert [(call.method_name, call.args[0]) for call in said.calls] == [
        ("error", "database_away"),
        ("info", "database_back"),
    ]


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[Database]:
    """A database that nobody else asks."""
    database = await Database.open(f"sqlite:///{tmp_path / 'quiet.db'}")
    yield database
    await database.close()


async def test_t51_what_the_database_does_is_counted(quiet: Database) -> None:
    load = quiet.load
    reads, writes, failed = load.total["read"], load.total["write"], load.failed
    async with quiet.read() as tx:
        await tx.run(text("SELECT 1"))
        assert load.open["read"] == 1
    with pytest.raises(IntegrityError):
        await _write(quiet, "CREATE TABLE one (id PRIMARY KEY)", "INSERT INTO one VALUES (1), (1)")
    assert (load.total["read"], load.total["write"]) == (reads + 1, writes + 1)
    assert load.failed == failed + 1
    assert load.open == {"read": 0, "write": 0}
    assert load.waiting == 0


async def test_t55_the_database_is_away_until_the_same_succeeds_again(quiet: Database) -> None:
    with pytest.raises(StorageUnavailable):
        await _write(quiet, "SELECT broken")
    assert quiet.load.is_away == {"read": False, "write": True}
    async with quiet.read() as tx:
        await tx.run(text("SELECT 1"))
    assert quiet.load.is_away["write"], "that something can be read proves no write"
    await _write(quiet)
    assert quiet.load.is_away == {"read": False, "write": False}


async def test_t51_who_waits_for_his_turn_to_write_is_counted(quiet: Database) -> None:
    async with quiet.write():
        second = asyncio.create_task(_write(quiet))
        await asyncio.wait([second], timeout=0.01)
        assert quiet.load.waiting == 1
    await second
    assert quiet.load.waiting == 0


async def _write(database: Database, *statements: str) -> None:
    async with database.write() as tx:
        for each in statements or ("SELECT 1",):
            await tx.run(text(each))

"""Of several processes one does what time brings about, and another when it falls silent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from server.clock import runner as clockwork
from server.clock import tenure as tenures
from server.clock.job import Job
from server.clock.runner import Runner
from server.clock.tenure import Tenure
from server.services import Services
from storage.cluster import leases
from storage.cluster.leases import LASTS
from storage.database import METADATA, Database, StorageUnavailable, Transaction
from tests.harness.waiting import until_async
from tests.server.running import Arena, running

WATERMARK = METADATA.tables["watermark"]
ITEM = UUID(int=1)


class Work:
    """One thing that is due until it is written down; it can be held up on its way."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def due(self, tx: Transaction, _now: datetime, _limit: int) -> Sequence[UUID]:
        found = await tx.run(select(WATERMARK.c.name).where(WATERMARK.c.name == "work"))
        return [] if found.scalar() else [ITEM]

    async def do(self, services: Services, _item: UUID) -> None:
        self.begun.set()
        await self.goes_on.wait()
        async with services.database.write() as tx:
            await tx.run(insert(WATERMARK).values(name="work", event_id=1))

    @property
    def job(self) -> Job:
        return Job("work", self.due, self.do)


@dataclass(frozen=True)
class Node:
    """A process in the test: its own connections, its runner, its claim."""

    services: Services
    tenure: Tenure
    runner: Runner
    work: Work


@dataclass(frozen=True)
class Pair:
    """Two nodes on one database, with one clock that the test moves."""

    arena: Arena
    left: Node
    right: Node

    def pass_by(self, amount: timedelta) -> None:
        self.arena.clock.now += amount

    async def is_done(self) -> bool:
        async with self.left.services.database.read() as tx:
            return not await self.left.work.due(tx, self.arena.clock(), 1)


@pytest.fixture
async def pair(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Pair]:
    async def simulated(_tx: Transaction, now: datetime) -> datetime:
        return now

    monkeypatch.setattr(leases, "moment", simulated)
    folder = tmp_path / "server"
    folder.mkdir()
    async with running(folder) as arena:
        opened = [await Database.open(database_url) for _ in range(2)]
        left, right = (
            node(replace(arena.services, database=each), name)
            for each, name in zip(opened, ("left", "right"), strict=True)
        )
        yield Pair(arena, left, right)
        for each in opened:
            await each.close()


def node(services: Services, name: str) -> Node:
    tenure, work = Tenure(services, "clock", name), Work()
    return Node(services, tenure, Runner(services, [work.job], tenure), work)


async def test_t20_only_who_has_the_lease_works(pair: Pair) -> None:
    assert await pair.left.tenure.look()
    assert await pair.right.tenure.look() is None
    assert await pair.right.runner.tick() == 0
    assert not await pair.is_done()
    assert await pair.left.runner.tick() == 1
    assert await pair.is_done()


async def test_t20_another_takes_over_from_who_was_killed(pair: Pair) -> None:
    await pair.left.tenure.look()
    pair.pass_by(LASTS - timedelta(seconds=1))
    assert await pair.right.tenure.look() is None
    pair.pass_by(timedelta(seconds=1))
    found = await pair.right.tenure.look()
    assert found is not None
    assert found.term == 2
    assert await pair.right.runner.tick() == 1


async def test_t20_another_takes_over_at_once_from_who_ended_in_order(pair: Pair) -> None:
    await pair.left.tenure.look()
    await pair.left.tenure.give_back()
    assert await pair.left.runner.tick() == 0
    assert await pair.right.tenure.look()
    assert await pair.right.runner.tick() == 1


async def test_t20_winning_the_lease_wakes_the_runner(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clockwork, "TICK_S", 3600)
    task = asyncio.create_task(pair.left.runner.run())
    await asyncio.wait([task], timeout=0)
    await pair.left.tenure.look()
    async with asyncio.timeout(20):
        await pair.left.work.begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_t21_a_holder_that_was_stopped_and_wakes_up_writes_nothing(pair: Pair) -> None:
    await pair.left.tenure.look()
    pair.left.work.goes_on.clear()
    ticking = asyncio.create_task(pair.left.runner.tick())
    await pair.left.work.begun.wait()
    pair.pass_by(LASTS)
    assert await pair.right.tenure.look()
    pair.left.work.goes_on.set()
    assert await ticking == 0
    assert not await pair.is_done()
    assert pair.left.tenure.held is None
    assert await pair.left.runner.tick() == 0
    assert await pair.right.runner.tick() == 1


async def test_t21_who_fell_silent_and_finds_nobody_else_goes_on(pair: Pair) -> None:
    before = await pair.left.tenure.look()
    pair.pass_by(10 * LASTS)
    assert await pair.left.tenure.look() == before
    assert await pair.left.runner.tick() == 1


async def test_t20_while_the_database_is_away_nothing_changes_hands(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await pair.left.tenure.look()

    async def gone(_tx: Transaction, _now: datetime) -> datetime:
        raise StorageUnavailable("gone")

    monkeypatch.setattr(leases, "moment", gone)
    assert await pair.left.tenure.look() == held
    await pair.left.tenure.give_back()
    assert await pair.right.tenure.look() is None


async def test_t20_a_process_gives_its_lease_back_when_it_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as arena:
        url, now = arena.services.settings.database_url, arena.clock()
        async with arena.services.database.read() as tx:
            assert not await leases.is_free(tx, clockwork.LEASE, now)
    database = await Database.open(url)
    async with database.read() as tx:
        assert await leases.is_free(tx, clockwork.LEASE, now)
    await database.close()


async def test_t20_what_goes_wrong_while_looking_ends_no_looking(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        raise RuntimeError("a bug")

    monkeypatch.setattr(tenures, "RENEW_S", 0)
    monkeypatch.setattr(pair.left.tenure, "look", look)
    task = asyncio.create_task(pair.left.tenure.keep())
    await until_async(lambda: holds(lambda: looks > 2), "it looks again and again")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def holds(condition: Callable[[], bool]) -> bool:
    return condition()

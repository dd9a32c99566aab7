"""The clock's jobs: bounded, each by itself, and once however many processes look."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from server.clock import runner as clockwork
from server.clock.job import RETRY_AFTER, Job
from server.clock.jobs import JOBS
from server.clock.runner import Runner
from server.services import Services
from storage.database import Database, StorageUnavailable, Transaction
from tests.server.idea.arena_of_all import everyone
from tests.server.responsibility.organisations import Bodies
from tests.server.responsibility.test_offers import NOBODY_YET
from tests.server.running import Arena, running

BATCH_MAX, FAILED_MAX = 4, 10
OFFERS = [job for job in JOBS if job.name == "offer-expires"]


@pytest.fixture
async def arena(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Arena]:
    monkeypatch.setattr(clockwork, "BATCH_MAX", BATCH_MAX)
    monkeypatch.setattr(clockwork, "FAILED_MAX", FAILED_MAX)
    async with running(tmp_path) as arena:
        yield arena


class Things:
    """Due things in memory: what is done of them, and what fails."""

    def __init__(self, count: int, failing: Sequence[int] = ()) -> None:
        self.waiting = [UUID(int=number) for number in range(count)]
        self.failing = {UUID(int=number) for number in failing}
        self.tried: list[UUID] = []

    async def due(self, _tx: Transaction, _now: datetime, limit: int) -> Sequence[UUID]:
        return self.waiting[:limit]

    async def do(self, _services: Services, item: UUID) -> None:
        self.tried.append(item)
        if item in self.failing:
            raise RuntimeError(item)
        self.waiting.remove(item)

    @property
    def job(self) -> Job:
        return Job("things", self.due, self.do)


async def test_r9_a_tick_does_a_batch_and_the_next_goes_on(arena: Arena) -> None:
    things = Things(BATCH_MAX + 1)
    runner = Runner(arena.services, [things.job])
    assert await runner.tick() == BATCH_MAX
    assert await runner.tick() == 1
    assert await runner.tick() == 0


async def test_r9_what_fails_rests_and_holds_up_nothing(arena: Arena) -> None:
    things, others = Things(BATCH_MAX + 2, failing=range(BATCH_MAX)), Things(1)
    runner = Runner(arena.services, [things.job, replace(others.job, name="others")])
    assert await runner.tick() == 1
    assert await runner.tick() == 2
    assert await runner.tick() == 0
    assert len(things.tried) == BATCH_MAX + 2
    things.failing.clear()
    arena.clock.now += RETRY_AFTER
    assert await runner.tick() == BATCH_MAX


async def test_r9_what_failed_is_remembered_within_a_bound(arena: Arena) -> None:
    things = Things(FAILED_MAX + 2 * BATCH_MAX, failing=range(FAILED_MAX + 2 * BATCH_MAX))
    runner = Runner(arena.services, [things.job])
    for _ in range(3):
        await runner.tick()
    assert things.tried == things.waiting[: 3 * BATCH_MAX]
    # The first were forgotten, so they are tried again before the others.
    await runner.tick()
    assert things.tried[3 * BATCH_MAX :] == [*things.waiting[:2], *things.waiting[12:14]]


async def test_r9_a_database_that_is_away_is_asked_again(arena: Arena) -> None:
    things, is_away = Things(1), [True]

    async def due(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
        if is_away:
            raise StorageUnavailable("gone")
        return await things.due(tx, now, limit)

    runner = Runner(arena.services, [Job("things", due, things.do)])
    assert await runner.tick() == 0
    is_away.clear()
    assert await runner.tick() == 1


async def test_ac_a7c_an_offer_expires_after_its_last_day_once_for_all_processes(
    tmp_path: Path, database_url: str
) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    async with everyone(folder, database_url=database_url, offer_working_days=5) as arena:
        bodies = await Bodies.founded(arena)
        ref = await arena.idea("open", **NOBODY_YET)
        offer = await bodies.offer(ref, "amt")
        (row,) = await bodies.at(ref)
        # Monday 23 November 2026 and five working days, the end of the day in winter time.
        assert row["expires_at"] == "2026-11-30T22:59:59Z"
        arena.arena.clock.now = datetime.fromisoformat("2026-11-30T22:59:59+00:00")
        services = arena.arena.services
        assert await Runner(services, OFFERS).tick() == 0
        arena.arena.clock.pass_by(seconds=1)
        path = f"{ref}/responsibilities/{offer}/confirmation"
        late = await bodies.call("signatory", "POST", path, 409)
        assert late["code"] == "offer-expired"
        other = await Database.open(database_url)
        runners = [Runner(each, OFFERS) for each in (services, replace(services, database=other))]
        await asyncio.gather(*(runner.tick() for runner in runners * 5))
        await other.close()
        (row,) = await bodies.at(ref)
        assert (row["state"], row["ended_by"]) == ("expired", None)
        log = (await bodies.call("guest", "GET", f"{ref}/events"))["events"]
        assert [each["kind"] for each in log].count("responsibility_ended") == 1
        # And it can be made anew.
        await bodies.lead(ref, "amt")


async def test_r9_what_came_due_while_nobody_ran_is_done_before_the_first_request(
    tmp_path: Path,
) -> None:
    async with everyone(tmp_path, offer_working_days=1) as arena:
        bodies = await Bodies.founded(arena)
        ref = await arena.idea("open", **NOBODY_YET)
        await bodies.offer(ref, "amt")
        before = arena.arena.clock.now
        arena.arena.clock.pass_by(days=7)
        async with arena.arena.app.router.lifespan_context(arena.arena.app):
            (row,) = await bodies.at(ref)
        assert row["state"] == "expired"
        assert before < arena.arena.clock.now

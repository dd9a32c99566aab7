"""The supervisor with workers that are mere promises: who is replaced, when, how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

import pytest

from server.settings import Misconfigured, load_settings
from server.workers.needs import WORKERS_MAX, require_for_many
from server.workers.pauses import FAILURES_MAX, PAUSE_FIRST_S, PAUSE_MAX_S, pause_s
from server.workers.process import Worker
from server.workers.supervisor import Supervisor, WorkersFailed
from tests.harness.waiting import until_async

MANY = {"redis_url": "redis://127.0.0.1/0", "database_url": "postgresql://arena@127.0.0.1/arena"}
CRASHED = -11


class Promised:
    """A worker that is ready and ends when the test says so."""

    def __init__(self, number: int, pid: int) -> None:
        self.number = number
        self.pid = pid
        self.is_asked = self.is_deaf = False
        self.ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def until_ready(self) -> bool:
        return await asyncio.shield(self.ready)

    async def until_ended(self) -> int:
        return await asyncio.shield(self.ended)

    def ask_to_end(self) -> None:
        self.is_asked = True
        if not self.is_deaf:
            self.end(0)

    def kill(self) -> None:
        self.end(-9)

    def serve(self) -> None:
        self.ready.set_result(True)

    def end(self, code: int) -> None:
        if not self.ready.done():
            self.ready.set_result(False)
        if not self.ended.done():
            self.ended.set_result(code)


class Company:
    """Two numbers to be kept, and everybody who was ever started."""

    def __init__(self) -> None:
        self.started: list[Promised] = []
        self.pauses: list[int] = []
        self.ended: list[int] = []
        self.is_said = 0
        self.on_start: Callable[[Promised], None] = lambda worker: worker.serve()
        self._pids = count(100)
        self.supervisor = Supervisor(
            self._start,
            2,
            on_started=self._say,
            on_ended=self.ended.append,
            pause=self._pause,
        )

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let everybody go on until ``condition`` holds."""

        async def holds() -> bool:
            return condition()

        await until_async(holds, "the supervisor goes on", timeout_s=30)

    def with_number(self, number: int) -> list[Promised]:
        """Everybody who ever had the number, in turn."""
        return [each for each in self.started if each.number == number]

    async def _start(self, number: int) -> Worker:
        worker = Promised(number, next(self._pids))
        self.started.append(worker)
        self.on_start(worker)
        return worker

    def _say(self) -> None:
        self.is_said += 1

    def _pause(self, failures: int) -> float:
        self.pauses.append(failures)
        return 0


@asynccontextmanager
async def running() -> AsyncIterator[Company]:
    """A supervisor that serves with two workers, and ends with the test."""
    company = Company()
    task = asyncio.create_task(company.supervisor.run())
    await company.until(lambda: company.is_said == 1)
    yield company
    company.supervisor.stop()
    await task


async def test_t48_who_dies_is_replaced_and_nobody_else_notices() -> None:
    async with running() as company:
        first, second = company.started
        first.end(CRASHED)
        await company.until(lambda: len(company.started) == 3)
        assert company.started[2].number == first.number
        assert company.ended == [first.pid]
        assert not second.is_asked
        assert company.is_said == 1
    assert [worker.is_asked for worker in company.started] == [False, True, True]


async def test_t48_pauses_grow_while_it_goes_on_dying() -> None:
    async with running() as company:
        for turn in range(1, FAILURES_MAX + 3):
            company.with_number(1)[-1].end(CRASHED)
            await company.until(lambda turn=turn: len(company.with_number(1)) > turn)  # type: ignore[misc]
        # Somebody else serves, so nobody gives up.
        assert company.pauses == list(range(1, FAILURES_MAX + 3))


@pytest.mark.parametrize("failures", range(1, 12))
def test_t48_the_pause_doubles_up_to_half_a_minute(failures: int) -> None:
    doubled = PAUSE_FIRST_S * 2 ** (failures - 1)
    assert pause_s(failures) == min(doubled, PAUSE_MAX_S)


async def test_t48_where_nobody_can_be_kept_all_ends_with_a_sentence() -> None:
    company = Company()
    task = asyncio.create_task(company.supervisor.run())
    await company.until(lambda: company.is_said == 1)
    company.on_start = lambda worker: worker.end(CRASHED)
    for worker in list(company.started):
        worker.end(CRASHED)
    with pytest.raises(WorkersFailed, match=f"died {FAILURES_MAX} times in a row"):
        await task
    assert max(company.pauses) < FAILURES_MAX
    assert len(company.started) <= 2 * FAILURES_MAX


async def test_t48_a_worker_that_refuses_to_start_ends_all_at_once() -> None:
    company = Company()
    company.on_start = lambda worker: worker.end(1) if worker.number == 2 else None
    with pytest.raises(WorkersFailed, match="Worker 2 could not start"):
        await company.supervisor.run()
    assert all(worker.ended.done() for worker in company.started)
    assert company.is_said == 0


async def test_t49_renewed_one_by_one_each_ready_before_the_other_ends() -> None:
    async with running() as company:
        old = list(company.started)
        company.on_start = lambda _worker: None
        company.supervisor.renew()
        for turn, leaving in enumerate(old):
            await company.until(lambda turn=turn: len(company.started) == 3 + turn)  # type: ignore[misc]
            assert not leaving.is_asked
            assert [worker.is_asked for worker in old] == [True] * turn + [False] * (2 - turn)
            company.started[-1].serve()
            await company.until(lambda leaving=leaving: leaving.is_asked)  # type: ignore[misc]
        assert [worker.number for worker in company.started] == [1, 2, 1, 2]
        assert company.pauses == []


async def test_t49_a_renewal_that_fails_leaves_the_old_ones() -> None:
    async with running() as company:
        old = list(company.started)
        company.on_start = lambda worker: worker.end(1)
        company.supervisor.renew()
        await company.until(lambda: len(company.ended) == 1)
        company.on_start = lambda worker: worker.serve()
        assert not any(worker.is_asked for worker in old)
        assert len(company.started) == 3


async def test_t49_who_dies_while_he_is_renewed_is_replaced_once() -> None:
    async with running() as company:
        first = company.with_number(1)[0]
        company.on_start = lambda _worker: None
        company.supervisor.renew()
        await company.until(lambda: len(company.started) == 3)
        first.end(CRASHED)
        await company.until(lambda: len(company.with_number(1)) == 3)
        _, renewing, replacing = company.with_number(1)
        company.on_start = lambda worker: worker.serve()
        replacing.serve()
        renewing.serve()
        await company.until(lambda: renewing.is_asked)
        await company.until(lambda: company.with_number(2)[0].is_asked)
        assert not replacing.is_asked


async def test_t49_said_twice_they_end_at_once() -> None:
    company = Company()
    task = asyncio.create_task(company.supervisor.run())
    await company.until(lambda: company.is_said == 1)
    for worker in company.started:
        worker.is_deaf = True
    company.supervisor.stop()
    await company.until(lambda: all(worker.is_asked for worker in company.started))
    assert not task.done()
    company.supervisor.stop()
    await task
    assert [worker.ended.result() for worker in company.started] == [-9, -9]


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"redis_url": None}, "needs ARENA_REDIS_URL"),
        ({"database_url": "sqlite:///arena.db"}, "needs PostgreSQL"),
    ],
)
def test_t48_without_broker_and_server_many_refuse_and_say_why(
    lacking: dict[str, str | None], sentence: str
) -> None:
    require_for_many(load_settings(**MANY), 2)
    with pytest.raises(Misconfigured, match=sentence):
        require_for_many(load_settings(**{**MANY, **lacking}), 2)


@pytest.mark.parametrize(
    ("workers", "may"), [(-1, False), (0, False), (WORKERS_MAX, True), (WORKERS_MAX + 1, False)]
)
def test_t48_the_number_of_workers_is_bounded(workers: int, may: bool) -> None:
    settings = load_settings(**MANY)
    if may:
        require_for_many(settings, workers)
        return
    with pytest.raises(Misconfigured, match=f"must be 1 to {WORKERS_MAX}"):
        require_for_many(settings, workers)

"""Keeps several workers running: replaces who dies, and ends or renews all in order."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import structlog

from server.monitoring.metrics.registry import FOLDER_VARIABLE, process_ended
from server.realtime.draining import DRAIN_S, SPREAD_S
from server.serving import GRACEFUL_S, listening
from server.settings import Misconfigured, Settings
from server.workers.needs import require_for_many
from server.workers.pauses import FAILURES_MAX, STEADY_S, pause_s
from server.workers.process import Worker, WorkerProcess, environment_of

START_S = 120.0
"""Who is not ready by then will not be."""

STOP_S = DRAIN_S + SPREAD_S + GRACEFUL_S + 10
"""Above what a worker takes to drain; who is not gone by then hangs."""

log = structlog.get_logger()

Start = Callable[[int], Awaitable[Worker]]


class WorkersFailed(Misconfigured):
    """No worker can be kept running; the message says what to look at."""


class Supervisor:
    """Keeps ``count`` workers, numbered from 1, until it is told to stop."""

    def __init__(
        self,
        start: Start,
        count: int,
        *,
        on_started: Callable[[], None] = lambda: None,
        on_ended: Callable[[int], None] = lambda _pid: None,
        pause: Callable[[int], float] = pause_s,
    ) -> None:
        self._start = start
        self._numbers = range(1, count + 1)
        self._on_started = on_started
        self._on_ended = on_ended
        self._pause = pause
        self._current: dict[int, Worker] = {}
        """Who has each number; one that is being replaced has it no more."""
        self._alive: dict[Worker, asyncio.Task[int]] = {}
        self._serving: set[Worker] = set()
        self._have_served = False
        self._stop = asyncio.Event()
        self._renew = asyncio.Event()

    def stop(self) -> None:
        """Let every worker drain; said a second time, end them at once."""
        if self._stop.is_set():
            for worker in list(self._alive):
                worker.kill()
        self._stop.set()

    def renew(self) -> None:
        """Replace one worker after the other; said meanwhile, all are replaced once more."""
        self._renew.set()

    async def run(self) -> None:
        """Keep the workers running; returns when all have ended after ``stop``.

        Raises:
            WorkersFailed: none of them can be kept running.
        """
        keepers = [asyncio.create_task(self._keep(number)) for number in self._numbers]
        renewing = asyncio.create_task(self._renew_when_told())
        stopping = asyncio.create_task(self._stop.wait())
        tasks = [*keepers, renewing, stopping]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                await task
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._end(list(self._alive))

    # One number.

    async def _keep(self, number: int) -> None:
        """See to it that somebody has the number."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            code = await self._live(number)
            lived_s = asyncio.get_running_loop().time() - began
            failures = 1 if lived_s >= STEADY_S else failures + 1
            self._require_hope(number, failures, code)
            pause = self._pause(failures)
            log.error("worker died", worker=number, code=code, failures=failures, pause_s=pause)
            await asyncio.sleep(pause)

    async def _live(self, number: int) -> int | None:
        """Start a worker with the number; returns when nobody has it any more, with a code."""
        try:
            worker = await self._begin(number)
        except OSError as error:
            log.error("worker cannot be started", worker=number, exc_info=error)
            return None
        self._current[number] = worker
        if await self._until_ready(worker):
            self._serves(number, worker)
        while True:
            code = await asyncio.shield(self._alive[worker])
            self._alive.pop(worker, None)
            if self._current[number] is worker:
                return code
            worker = self._current[number]

    def _require_hope(self, number: int, failures: int, code: int | None) -> None:
        """Raise if another attempt would end as this one did."""
        if not self._have_served and code is not None and code > 0:
            raise WorkersFailed(f"Worker {number} could not start; what it said is above.")
        if failures >= FAILURES_MAX and not self._serving:
            raise WorkersFailed(
                f"Worker {number} died {failures} times in a row and no other serves; the log "
                "says of what. Arena ends, so that whoever started it notices."
            )

    # All of them.

    async def _renew_when_told(self) -> None:
        while True:
            await self._renew.wait()
            self._renew.clear()
            for number in self._numbers:
                if not await self._replace(number):
                    log.error("renewal stopped; the workers before it stay", worker=number)
                    break
            else:
                log.info("workers renewed", workers=len(self._numbers))

    async def _replace(self, number: int) -> bool:
        """Start another worker and, once it serves, end the one that has the number."""
        old = self._current.get(number)
        if old is None or old not in self._serving:
            return True  # whoever comes next is new anyway
        try:
            new = await self._begin(number)
        except OSError as error:
            log.error("worker cannot be started", worker=number, exc_info=error)
            return False
        if not await self._until_ready(new):
            await self._end([new])
            return False
        if old not in self._serving:  # it died meanwhile, and its number is seen to already
            await self._end([new])
            return True
        self._current[number] = new
        self._serves(number, new)
        await self._end([old])
        return True

    async def _begin(self, number: int) -> Worker:
        worker = await self._start(number)
        self._alive[worker] = asyncio.create_task(self._until_gone(worker))
        return worker

    async def _until_gone(self, worker: Worker) -> int:
        code = await worker.until_ended()
        self._serving.discard(worker)
        self._on_ended(worker.pid)
        return code

    async def _until_ready(self, worker: Worker) -> bool:
        """Wait until it serves; whoever hangs instead is ended."""
        try:
            async with asyncio.timeout(START_S):
                return await worker.until_ready()
        except TimeoutError:
            log.error("worker hangs at its start and is killed", pid=worker.pid)
            worker.kill()
            return False

    def _serves(self, number: int, worker: Worker) -> None:
        self._serving.add(worker)
        log.info("worker is ready", worker=number, pid=worker.pid)
        if not self._have_served and len(self._serving) == len(self._numbers):
            self._have_served = True
            self._on_started()

    async def _end(self, workers: list[Worker]) -> None:
        """Let these drain, and kill who does not end."""
        ending = [self._alive[worker] for worker in workers if worker in self._alive]
        for worker in workers:
            worker.ask_to_end()
        if ending and (await asyncio.wait(ending, timeout=STOP_S))[1]:
            log.error("workers did not end in time and are killed")
            for worker in workers:
                worker.kill()
            await asyncio.wait(ending)
        for worker in workers:
            self._alive.pop(worker, None)


def supervise(settings: Settings, count: int, on_started: Callable[[], None]) -> None:
    """Serve with ``count`` workers until a signal ends them; SIGHUP renews them one by one.

    Raises:
        Misconfigured: they need what the settings do not have, or cannot be kept running.
    """
    require_for_many(settings, count)
    with (
        listening(settings) as listener,
        tempfile.TemporaryDirectory(prefix="arena-figures-") as figures,
    ):
        listener.listen()
        environment = environment_of(
            os.environ,
            ARENA_HOST=settings.host,
            ARENA_PORT=str(listener.getsockname()[1]),
            **{FOLDER_VARIABLE: figures},
        )

        async def start(number: int) -> Worker:
            return await WorkerProcess.start(number, listener, environment)

        async def run() -> None:
            supervisor = Supervisor(
                start,
                count,
                on_started=on_started,
                on_ended=lambda pid: _forget_figures(pid, Path(figures)),
            )
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGHUP, supervisor.renew)
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, supervisor.stop)
            await supervisor.run()

        asyncio.run(run())


def _forget_figures(pid: int, folder: Path) -> None:
    """What a worker that ended had open is open no more; what it counted stays counted."""
    with suppress(FileNotFoundError):
        process_ended(pid, folder)

"""Looks every few seconds at what is due and does it, on the process's clock.

Of all processes on a database one does so (``tenure``). Mails, webhooks and upkeep have tasks of
their own, so that no deadline waits for other people's servers or for large texts.

What fails is logged, left alone for a while and tried again; it holds up nothing else.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from server.clock.job import Job
from server.clock.jobs import JOBS, MAIL_JOBS, UPKEEP_JOBS, WEBHOOK_JOBS
from server.clock.tenure import Tenure, a_holder
from server.monitoring.metrics.jobs import job_failures_total, job_looked_at, job_seconds
from server.monitoring.tracing.spans import span
from server.services import Services
from storage.cluster.leases import Superseded
from storage.database import StorageUnavailable

TICK_S: Final = 10.0
"""Whatever ends is over this much later at most; a term of a role must be within a minute."""

BATCH_MAX: Final = 100
"""So much is done of each job at one tick; the rest waits for the next."""

FAILED_MAX: Final = 1_000
LEASE: Final = "clock"

APART: Final = {"mails": MAIL_JOBS, "webhooks": WEBHOOK_JOBS, "upkeep": UPKEEP_JOBS}
"""Jobs with a task of their own, by its name."""

log = structlog.get_logger(__name__)


class Runner:
    """The clock's jobs in one process."""

    def __init__(
        self, services: Services, jobs: Sequence[Job] = JOBS, tenure: Tenure | None = None
    ) -> None:
        """With a tenure it works only while this process has it, and writes under its term."""
        self._services = services
        self._jobs = jobs
        self._tenure = tenure
        self._failed: dict[tuple[str, UUID], datetime] = {}
        """When what failed is tried again, in the order in which it failed."""

    async def run(self) -> None:
        """Tick for ever."""
        while True:
            await (self._tenure.pause(TICK_S) if self._tenure else asyncio.sleep(TICK_S))
            await self.tick()

    async def tick(self) -> int:
        """Do what is due now; how much was done."""
        if self._tenure is None:
            return await self._look(self._services)
        held = self._tenure.held
        if held is None:
            return 0
        try:
            return await self._look(self._tenure.fenced(held))
        except Superseded:
            self._tenure.lose(held)
            return 0

    async def _look(self, services: Services) -> int:
        done = 0
        for job in self._jobs:
            try:
                with job_seconds.labels(job.name).time():
                    done += await self._do_due(services, job)
                job_looked_at.labels(job.name).set_to_current_time()
            except StorageUnavailable as error:
                log.warning("the clock waits for the database", job=job.name, reason=str(error))
                break
            except Superseded:
                raise
            except Exception as error:
                log.error("the clock cannot see what is due", job=job.name, exc_info=error)
        return done

    async def _do_due(self, services: Services, job: Job) -> int:
        if not job.wanted(services):
            return 0
        now = services.clock()
        resting = {
            item for (name, item), until in self._failed.items() if name == job.name and until > now
        }
        async with services.database.read() as tx:
            found = await job.due(tx, now - job.ago(services), BATCH_MAX + len(resting))
        waiting = [item for item in found if item not in resting][:BATCH_MAX]
        if job.at_once == 1:
            return sum([await self._do(services, job, item, now) for item in waiting])
        return await self._do_beside(services, job, waiting, now)

    async def _do_beside(
        self, services: Services, job: Job, items: Sequence[UUID], now: datetime
    ) -> int:
        """Do them beside one another; what ends the look is raised once all have ended."""
        places = asyncio.Semaphore(job.at_once)

        async def do(item: UUID) -> bool:
            async with places:
                return await self._do(services, job, item, now)

        ended = await asyncio.gather(*map(do, items), return_exceptions=True)
        faults = [each for each in ended if isinstance(each, BaseException)]
        if faults:
            raise faults[0]
        return sum(each is True for each in ended)

    async def _do(self, services: Services, job: Job, item: UUID, now: datetime) -> bool:
        """Whether it went well."""
        self._failed.pop((job.name, item), None)
        try:
            with span(f"job {job.name}"):
                await job.do(services, item)
        except (StorageUnavailable, Superseded):
            raise
        except Exception as error:
            job_failures_total.labels(job.name).inc()
            log.error("what is due cannot be done", job=job.name, item=str(item), exc_info=error)
            self._failed[job.name, item] = now + job.rest
            while len(self._failed) > FAILED_MAX:
                del self._failed[next(iter(self._failed))]
            return False
        return True


@asynccontextmanager
async def running_clock(services: Services, *, is_begun: bool = True) -> AsyncIterator[Runner]:
    """The clock, ticking; what came due while nobody ran is done before the first request.

    Unless it ``is_begun`` with such a look, the first tick is a while away: a new database has
    nothing that is due.
    """
    tenure = Tenure(services, LEASE, a_holder())
    runner = Runner(services, JOBS, tenure)
    await tenure.look()
    if is_begun:
        await runner.tick()
    works = {"lease": tenure.keep(), "clock": runner.run()}
    works |= {name: Runner(services, jobs, tenure).run() for name, jobs in APART.items()}
    tasks = [asyncio.create_task(work, name=name) for name, work in works.items()]
    try:
        yield runner
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await tenure.give_back()

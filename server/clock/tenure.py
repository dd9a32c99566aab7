"""Which of all processes works for all: it has a lease, renews it, and is fenced by its term.

A process that is stopped and wakes up believes for a moment that it still has its lease. Whatever
it wants to write then is refused by the database, in the transaction that would have written it
(ADR 0021).
"""

import asyncio
import os
import socket
from dataclasses import replace
from functools import partial
from typing import Final

import structlog

from server.monitoring.metrics.jobs import lease_held
from server.services import Services
from storage.cluster import leases
from storage.cluster.leases import Held
from storage.database import StorageUnavailable, Transaction

RENEW_S: Final = 3.0
"""So often whoever has the lease renews it, and everybody else looks whether it is free."""

log = structlog.get_logger(__name__)


def a_holder() -> str:
    """A name for this process that no other process has, nor this one after a restart."""
    return f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"


class Tenure:
    """One process's claim to a task, and whether it has it."""

    def __init__(self, services: Services, name: str, holder: str) -> None:
        self.held: Held | None = None
        self._services = services
        self._name = name
        self._holder = holder
        self._won = asyncio.Event()

    async def keep(self) -> None:
        """Renew or look for ever."""
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                await self.look()
            except Exception as error:
                log.error("lease_not_seen", lease=self._name, exc_info=error)

    async def look(self) -> Held | None:
        """Renew the lease, or take it if it is free; what is held afterwards.

        While the database is away nothing changes: nobody else can take it either.
        """
        try:
            found = await self._look()
        except StorageUnavailable:
            return self.held
        if found is not None and found != self.held:
            log.info("lease_taken", lease=self._name, term=found.term)
            self._won.set()
            self._won = asyncio.Event()
        if found is None and self.held is not None:
            self.lose(self.held)
        self.held = found
        lease_held.labels(self._name).set(found is not None)
        return found

    def lose(self, held: Held) -> None:
        """This term is over: do nothing more until the lease is free again."""
        if self.held == held:
            log.warning("lease_lost", lease=self._name, term=held.term)
            self.held = None
            lease_held.labels(self._name).set(0)

    def fenced(self, held: Held) -> Services:
        """The services to work with under this term: they write nothing once it is over."""
        database = self._services.database.fenced(partial(_require, held))
        return replace(self._services, database=database)

    async def pause(self, seconds: float) -> None:
        """Wait so long, or until the lease is won."""
        won = self._won
        try:
            async with asyncio.timeout(seconds):
                await won.wait()
        except TimeoutError:
            return

    async def give_back(self) -> None:
        """Let another process take over at once."""
        held, self.held = self.held, None
        lease_held.labels(self._name).set(0)
        if held is None:
            return
        database = self._services.database
        try:
            async with database.write() as tx:
                now = await leases.moment(tx, self._services.clock())
                await leases.give_back(tx, held, now)
        except StorageUnavailable:
            log.info("lease_left", lease=self._name, term=held.term)

    async def _look(self) -> Held | None:
        database, clock = self._services.database, self._services.clock
        if self.held is None:
            async with database.read() as tx:
                now = await leases.moment(tx, clock())
                if not await leases.is_free(tx, self._name, now):
                    return None
        async with database.write() as tx:
            now = await leases.moment(tx, clock())
            return await leases.take(tx, self._name, self._holder, now)


async def _require(held: Held, tx: Transaction) -> None:
    await leases.require(tx, held)

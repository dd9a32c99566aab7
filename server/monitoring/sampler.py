"""Brings plain counts to Prometheus, and looks every few seconds at what only a look can tell.

Nothing that happens with a keystroke touches Prometheus: it raises a number here or there, and
this task carries the differences over. So it is the same for one process and for several.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from prometheus_client import Counter, ProcessCollector

from server.monitoring.census import census
from server.monitoring.metrics import database as of_database
from server.monitoring.metrics import jobs, process, relay, rooms, sockets
from server.monitoring.metrics.hot import ACKNOWLEDGEMENTS, COMMITS, GROUPS, TALLY
from server.monitoring.version import VERSION
from server.realtime.hub import Hub
from server.realtime.relay.relay import RelayState
from server.services import Services
from storage import migrate
from storage.database import StorageUnavailable
from storage.following import mailing
from storage.log import quarantine
from storage.webhooks import deliveries

TICK_S: Final = 0.5
GATHER_TICKS: Final = 10
ASK_TICKS: Final = 30
"""The database is asked every 15 seconds how much waits to leave."""

log = structlog.get_logger(__name__)


TALLIED: Final = {
    "acknowledged": rooms.acknowledged_total,
    "messages": sockets.messages_total,
    "paced": sockets.paced_total,
    "presence": sockets.presence_total,
    "received_bytes": sockets.received_bytes_total,
    "rows": rooms.updates_total,
    "sent_bytes": sockets.sent_bytes_total,
    "topics": sockets.live_topics_total,
    "turns": rooms.turns_total,
}
TIMED: Final = {
    rooms.acknowledgement_seconds: ACKNOWLEDGEMENTS,
    rooms.commit_seconds: COMMITS,
    rooms.commit_group_documents: GROUPS,
}


class Sampler:
    """The numbers of one process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._seen: dict[Counter, float] = {}
        self._was_away = False
        self._process = ProcessCollector(registry=None)

    async def run(self) -> None:
        """Look again and again, for ever."""
        loop, ticks = asyncio.get_running_loop(), 0
        while True:
            try:
                if ticks % GATHER_TICKS == 0:
                    self.gather()
                if ticks % ASK_TICKS == 0:
                    await self.ask()
                self._tell_of_database()
            except Exception as error:
                log.error("numbers_not_gathered", exc_info=error)
            ticks += 1
            due = loop.time() + TICK_S
            await asyncio.sleep(TICK_S)
            process.loop_lag_seconds.observe(max(0.0, loop.time() - due))

    def gather(self) -> None:
        """Bring over what was counted, and count what is open."""
        self._carry()
        self._gather_database()
        hub = self._services.hub
        process.draining.set(hub.is_draining)
        if isinstance(hub, Hub):
            self._gather_relay(hub)
            found = census(hub, self._services.live)
            for state in rooms.STATES:
                rooms.rooms.labels(state).set(found.rooms[state])
            for protocol in sockets.PROTOCOLS:
                sockets.connections.labels(protocol).set(found.connections[protocol])
                for kind in sockets.KINDS:
                    sockets.sessions.labels(protocol, kind).set(found.sessions[protocol, kind])

    async def ask(self) -> None:
        """Ask system and database; while the database is away its last answers stand."""
        self._gather_process()
        try:
            async with self._services.database.read() as tx:
                waiting = {"mail": await mailing.backlog(tx)}
                waiting["webhook"] = await deliveries.backlog(tx)
                kept_apart = await quarantine.counts(tx)
        except StorageUnavailable:
            return
        now = self._services.clock()
        for kind, (count, oldest) in waiting.items():
            jobs.outbox_waiting.labels(kind).set(count)
            age_s = (now - oldest).total_seconds() if oldest else 0.0
            jobs.outbox_oldest_seconds.labels(kind).set(age_s)
        rooms.quarantined_updates.set(kept_apart["quarantined_updates"])
        rooms.suspect_documents.set(kept_apart["suspect_documents"])

    def _carry(self) -> None:
        for name, counter in TALLIED.items():
            counter.inc(getattr(TALLY, name))
            setattr(TALLY, name, 0)
        for histogram, timing in TIMED.items():
            histogram.add(*timing.take())

    def _gather_database(self) -> None:
        load = self._services.database.load
        of_database.database_away.set(any(load.is_away.values()))
        of_database.transactions_waiting.set(load.waiting)
        for kind in of_database.KINDS:
            of_database.transactions_open.labels(kind).set(load.open[kind])
            self._raise(of_database.transactions_total.labels(kind), load.total[kind])
        self._raise(of_database.failures_total.labels("away"), load.away)
        self._raise(of_database.failures_total.labels("refused"), load.failed)

    def _gather_relay(self, hub: Hub) -> None:
        self._raise(relay.relay_applied_total, hub.counts.taken)
        self._raise(relay.relay_gaps_total, hub.counts.read_on)
        if (ours := self._services.relay) is None:
            return
        relay.relay_connected.set(ours.state is not RelayState.AWAY)
        self._raise(relay.relay_published_total, ours.post.sent)
        self._raise(relay.relay_dropped_total, ours.post.dropped)
        self._raise(relay.relay_received_total, ours.received)
        self._raise(relay.relay_garbled_total, ours.garbled)
        self._raise(relay.relay_reconnects_total, ours.reconnects)

    def _gather_process(self) -> None:
        found = {each.name: each.samples[0].value for each in self._process.collect()}
        for name, gauge in process.OF_SYSTEM.items():
            gauge.set(found.get(name, 0.0))
        self._raise(process.cpu_seconds_total, found.get("process_cpu_seconds", 0.0))

    def _raise(self, counter: Counter, now: float) -> None:
        """Raise a counter by what a number has grown since the last look."""
        counter.inc(max(0.0, now - self._seen.get(counter, 0.0)))
        self._seen[counter] = now

    def _tell_of_database(self) -> None:
        """Log when the database goes and when it is back, once each."""
        is_away = any(self._services.database.load.is_away.values())
        if is_away and not self._was_away:
            log.error("database_away")
        elif self._was_away and not is_away:
            log.info("database_back")
        self._was_away = is_away


def _said_once(services: Services) -> None:
    """What does not change while the process runs."""
    process.build_info.labels(VERSION, migrate.head()).set(1)
    process.processes.set(1)
    relay.relay_configured.set(services.settings.redis_url is not None)
    shares = services.database.shares
    of_database.connections_max.labels("read").set(shares.read)
    of_database.connections_max.labels("write").set(shares.all - shares.read)


@asynccontextmanager
async def sampling(services: Services) -> AsyncIterator[Sampler]:
    """The sampler, at work."""
    _said_once(services)
    sampler = Sampler(services)
    task = asyncio.create_task(sampler.run(), name="sampler")
    try:
        yield sampler
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

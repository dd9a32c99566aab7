"""One group commit for all rooms of the process.

Whatever arrives while a transaction is being committed forms the next one; there is no timer.
The committer locks the heads of the documents in one order, so official acts, which take the
same lock, see an exact version.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from uuid import UUID

from server.monitoring.metrics.hot import GROUPS, note_commit
from server.monitoring.metrics.rooms import commit_failures_total, conflicts_total
from server.monitoring.tracing.spans import span
from storage import documents
from storage.database import Database, StorageUnavailable
from storage.documents import Batch, Committed, Outcome

ENTRIES_MAX = 256
"""Documents committed in one transaction."""


class Committer:
    """Commits what rooms hand in; run ``run`` in a task."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[tuple[Batch, asyncio.Future[Outcome]]] = []
        self._wake = asyncio.Event()

    async def commit(self, batch: Batch) -> Outcome:
        """Commit a turn of one document; returns once it is durable or refused.

        Raises:
            Exception: what the database said; nothing of the batch is committed then.
        """
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((batch, outcome))
        self._wake.set()
        handed_in = perf_counter()
        found = await outcome
        if isinstance(found, Committed):
            note_commit(len(batch.rows), perf_counter() - handed_in)
        else:
            conflicts_total.inc()
        return found

    async def run(self) -> None:
        """Commit group after group, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                group = self._waiting[:ENTRIES_MAX]
                del self._waiting[:ENTRIES_MAX]
                await self._commit_group(group)

    async def _commit_group(self, group: list[tuple[Batch, asyncio.Future[Outcome]]]) -> None:
        """Commit the group; if that fails, each alone, so that one document harms no other.

        Where the database itself is away, trying hundreds of times more keeps everybody waiting.
        """
        try:
            outcomes = await self._write([batch for batch, _ in group])
        except StorageUnavailable as error:
            for _, future in group:
                _settle(future, error)
            return
        except Exception as error:
            if len(group) == 1:
                _settle(group[0][1], error)
                return
            for each in group:
                await self._commit_group([each])
            return
        GROUPS.note(len(group))
        for batch, future in group:
            _settle(future, outcomes[batch.document_id])

    async def _write(self, batches: list[Batch]) -> dict[UUID, Outcome]:
        with span("commit", documents=len(batches)):
            return await documents.commit_batch(self._database, batches, self._clock())


def _settle(future: asyncio.Future[Outcome], outcome: Outcome | Exception) -> None:
    """Hand the outcome to the room, unless it has stopped waiting."""
    if future.done():
        return
    if isinstance(outcome, Exception):
        commit_failures_total.inc()
        future.set_exception(outcome)
    else:
        future.set_result(outcome)

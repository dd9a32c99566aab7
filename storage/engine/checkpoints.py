"""When SQLite's write-ahead log is moved into the database: at moments when nobody reads.

SQLite does it by itself after a commit, also while somebody reads: then it moves a part, counts
that part as moved and leaves the syncing for the next time. If that sync fails, the system drops
the part from its memory, nobody moves it again, and the log that still has it is overwritten: the
power need only fail then (``bench/disk`` has found it). When nobody reads it moves all or counts
nothing. It also tells nobody that it failed; this does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from storage.engine.unavailable import StorageUnavailable

COMMITS = 150
"""Roughly the 4 MB of log after which SQLite would do it."""

COMMITS_UNTIL_NEXT_TRY = 20
READERS_S_MAX = 0.25
"""How long new readers are held back, waiting for those who read already."""

log = structlog.get_logger(__name__)


class Checkpoints:
    """Counts commits and readers; the caller of ``committed`` holds the lock for writing."""

    def __init__(self, run: Callable[[], Awaitable[None]]) -> None:
        """``run`` moves the log; it raises ``StorageUnavailable`` if that fails."""
        self._run = run
        self._commits_left = COMMITS
        self._readers = 0
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._nobody_reads = asyncio.Event()
        self._nobody_reads.set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Somebody reads."""
        await self._may_read.wait()
        self._readers += 1
        self._nobody_reads.clear()
        try:
            yield
        finally:
            self._readers -= 1
            if not self._readers:
                self._nobody_reads.set()

    async def committed(self) -> None:
        """A commit is durable; move the log if it has grown enough. Never raises for a failure."""
        self._commits_left -= 1
        if self._commits_left > 0:
            return
        self._commits_left = COMMITS_UNTIL_NEXT_TRY
        self._may_read.clear()
        try:
            async with asyncio.timeout(READERS_S_MAX):
                await self._nobody_reads.wait()
            await self._run()
            self._commits_left = COMMITS
        except TimeoutError:
            return  # somebody reads for long; the log grows meanwhile, as it would anyway
        except StorageUnavailable as error:
            log.error("checkpoint failed", reason=str(error))
        finally:
            self._may_read.set()

"""The vectors of all ideas in memory, and which are nearest to a text."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
import structlog

from server.meaning.model import DIMENSIONS, SHARED, Model
from storage.database import Transaction
from storage.similar import meanings

IDEAS_MAX: Final = 20_000
"""So many vectors are held, 40 MB; ideas past them are found by their words."""

READ_AT_ONCE: Final = 500
OVERLAP: Final = timedelta(minutes=1)
AT_LEAST: Final = 0.33
"""Less alike than this are 99 of 100 pairs that have nothing to do with each other."""

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)

log = structlog.get_logger(__name__)


class Near(NamedTuple):
    """An idea and the cosine of its meaning to the text's."""

    idea_id: UUID
    score: float


class Meanings:
    """What this process knows of the meaning of ideas. ``is_on`` is the setting."""

    def __init__(self, *, is_on: bool, model: Model = SHARED, ideas_max: int = IDEAS_MAX) -> None:
        self._is_on = is_on
        self._model = model
        self._ideas_max = ideas_max
        self._rows: dict[UUID, int] = {}
        self._ids: list[UUID] = []
        self._matrix = np.zeros((0, DIMENSIONS), dtype=np.float32)
        self._seen = LONG_AGO
        self._is_full = False
        self._lock = asyncio.Lock()

    @property
    def works(self) -> bool:
        """Whether texts are or will be compared by meaning here."""
        return self._is_on and not self._model.is_absent

    def begin(self) -> bool:
        """Whether there is a model by now; else it begins to load, where one is wanted."""
        if self.works:
            self._model.load_soon()
        return self.works and self._model.is_ready

    async def vector(self, text: str) -> bytes | None:
        """The text's vector as it is stored; None while there is no model."""
        if not self.works or not text.strip():
            return None
        found = await self._model.vectors([text])
        return None if found is None else np.asarray(found[0], dtype=np.float32).tobytes()

    async def nearest(self, tx: Transaction, vector: bytes, limit: int) -> list[Near]:
        """The ideas nearest to the vector that are near at all, the nearest first."""
        await self._catch_up(tx)
        wanted = np.frombuffer(vector, dtype=np.float32)
        return await asyncio.to_thread(self._search, wanted, len(self._ids), limit)

    async def _catch_up(self, tx: Transaction) -> None:
        """Take in what was made since the last time, and a little before: other processes write
        moments of their own clocks, and commit later than they say."""
        async with self._lock:
            moment, after = self._seen - OVERLAP, UUID(int=0)
            while True:
                rows = await meanings.since(tx, moment, after, READ_AT_ONCE)
                if rows:
                    await asyncio.to_thread(self._take, rows)
                    after, _, moment = rows[-1]
                    self._seen = max(self._seen, moment)
                if len(rows) < READ_AT_ONCE:
                    return

    def _take(self, rows: Sequence[tuple[UUID, bytes, datetime]]) -> None:
        for idea_id, vector, _ in rows:
            self._put(idea_id, np.frombuffer(vector, dtype=np.float32))

    def _put(self, idea_id: UUID, vector: Any) -> None:
        at = self._rows.get(idea_id)
        if at is None:
            at = len(self._ids)
            if at >= self._ideas_max:
                self._say_full()
                return
            if at >= len(self._matrix):
                more = np.zeros((max(256, len(self._matrix)), DIMENSIONS), dtype=np.float32)
                self._matrix = np.concatenate([self._matrix, more])
            self._rows[idea_id] = at
            self._ids.append(idea_id)
        self._matrix[at] = vector

    def _search(self, wanted: Any, count: int, limit: int) -> list[Near]:
        scores = self._matrix[:count] @ wanted
        best = np.argsort(-scores, kind="stable")[:limit]
        return [Near(self._ids[at], float(scores[at])) for at in best if scores[at] >= AT_LEAST]

    def _say_full(self) -> None:
        if not self._is_full:
            self._is_full = True
            log.warning("too many ideas to hold all meanings", held=self._ideas_max)

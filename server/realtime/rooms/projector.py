"""Writes the texts that pages and search show, for all rooms of the process together.

A text is shown at most once a second, many in one transaction, and the projector keeps itself to
a tenth of the time: in a calm arena lists follow the log within a second, under load later, but
they never slow down the typing (ADR 0012). Whoever needs the exact text asks the hub.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from collab.process.version import TextVersion
from collab.sync.text import DossierText, to_json, to_plain
from storage import texts
from storage.database import Database, Transaction
from storage.search.projections import Projection, project_many

PROJECTION_S = 1.0
"""How far the projection lags behind the log where there is little to do."""

SHARE = 0.1
"""How much of the time the projector may take."""

DOCUMENTS_MAX = 32
"""Documents in one transaction, for which typing waits."""

log = structlog.get_logger()

Rendered = tuple[DossierText, TextVersion]
Render = Callable[[], Awaitable[Rendered | None]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that has changed, and when it may be shown (seconds of the event loop)."""

    idea_id: UUID
    ref: str
    render: Render
    due_at: float


class Projector:
    """Asks rooms for their text and stores it; run ``run`` in a task."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        on_text: Callable[[str], None],
    ) -> None:
        """``on_text`` is called with an idea's reference when another text is shown."""
        self._database = database
        self._clock = clock
        self._on_text = on_text
        self._waiting: dict[UUID, Waiting] = {}
        self._wake = asyncio.Event()

    def mark(self, idea_id: UUID, ref: str, render: Render) -> None:
        """This idea's text has changed; ``render`` gives it, or ``None`` if it cannot be had."""
        if idea_id not in self._waiting:
            due_at = asyncio.get_running_loop().time() + PROJECTION_S
            self._waiting[idea_id] = Waiting(idea_id, ref, render, due_at)
            self._wake.set()

    async def run(self) -> None:
        """Project for ever; what fails is tried again a little later."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                began = loop.time()
                # They wait in the order in which they are due.
                due_in_s = next(iter(self._waiting.values())).due_at - began
                if due_in_s > 0:
                    await asyncio.sleep(due_in_s)
                    continue
                await self._project_some(began)
                await asyncio.sleep((loop.time() - began) * (1 / SHARE - 1))

    async def project(
        self, idea_id: UUID, ref: str, text: DossierText, version: TextVersion
    ) -> None:
        """Store one text at once; whoever asks waits for it."""
        self._waiting.pop(idea_id, None)
        async with self._database.write() as tx:
            differs = await project(tx, idea_id, text, version, self._clock())
        if differs:
            self._on_text(ref)

    async def _project_some(self, now: float) -> None:
        """Those that are due, in one transaction."""
        due = [each for each in self._waiting.values() if each.due_at <= now][:DOCUMENTS_MAX]
        for each in due:
            del self._waiting[each.idea_id]
        try:
            changed = await self._store([(each, await each.render()) for each in due])
        except Exception as error:
            log.warning("texts cannot be shown", exc_info=error)
            for each in due:
                self.mark(each.idea_id, each.ref, each.render)
            return
        for ref in changed:
            self._on_text(ref)

    async def _store(self, texts: Sequence[tuple[Waiting, Rendered | None]]) -> list[str]:
        """Store those that could be had; returns the references of those that differ."""
        # In the order of their ids, so that two processes never wait for each other in a circle.
        found = sorted((each for each in texts if each[1]), key=lambda each: each[0].idea_id)
        if not found:
            return []
        rows = [_projection(each.idea_id, *text) for each, text in found if text is not None]
        differ = await project_many(self._database, rows, self._clock())
        return [each.ref for (each, _), differs in zip(found, differ, strict=True) if differs]


def _projection(idea_id: UUID, text: DossierText, version: TextVersion) -> Projection:
    return Projection(idea_id, version, text.title, to_plain(text), to_json(text))


async def project(
    tx: Transaction, idea_id: UUID, text: DossierText, version: TextVersion, now: datetime
) -> bool:
    """Write a projection; ``True`` if it shows another text than before."""
    return await texts.project(
        tx,
        idea_id,
        version,
        title=text.title,
        plain=to_plain(text),
        sections=to_json(text),
        now=now,
    )

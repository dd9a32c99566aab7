"""Writes the texts that pages and search show, for all rooms of the process together.

A text is shown at most once a second, many in one transaction, and the projector keeps itself to
a fifth of the time: in a calm arena lists follow the log within a second, under load later, but
they never slow down the typing (ADR 0012). Whoever needs the exact text asks the hub.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

import structlog

from collab.process.version import TextVersion
from collab.sync.text import DossierText, to_json, to_plain
from storage import texts
from storage.database import Database, Transaction

PROJECTION_S = 1.0
"""How far the projection lags behind the log where there is little to do."""

SHARE = 0.2
"""How much of the time the projector may take."""

DOCUMENTS_MAX = 32
"""Documents in one transaction, for which typing waits."""

log = structlog.get_logger()

Rendered = tuple[DossierText, TextVersion]
Render = Callable[[], Awaitable[Rendered | None]]


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
        self._waiting: dict[UUID, tuple[str, Render]] = {}
        self._wake = asyncio.Event()

    def mark(self, idea_id: UUID, ref: str, render: Render) -> None:
        """This idea's text has changed; ``render`` gives it, or ``None`` if it cannot be had."""
        self._waiting[idea_id] = ref, render
        self._wake.set()

    async def run(self) -> None:
        """Project for ever; what fails is tried again a little later."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(PROJECTION_S)
            while self._waiting:
                began = loop.time()
                await self._project_some()
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

    async def _project_some(self) -> None:
        """Those that wait longest, in one transaction."""
        some = {each: self._waiting.pop(each) for each in list(self._waiting)[:DOCUMENTS_MAX]}
        try:
            changed = await self._store([await _rendered(each, *some[each]) for each in some])
        except Exception as error:
            log.warning("texts cannot be shown", exc_info=error)
            self._waiting = some | self._waiting
            await asyncio.sleep(PROJECTION_S)
            return
        for ref in changed:
            self._on_text(ref)

    async def _store(self, texts: Sequence[tuple[UUID, str, Rendered | None]]) -> list[str]:
        """Store those that could be had; returns the references of those that differ."""
        # In the order of their ids, so that two processes never wait for each other in a circle.
        found = sorted((each for each in texts if each[2] is not None), key=lambda each: each[0])
        if not found:
            return []
        now = self._clock()
        async with self._database.write() as tx:
            return [
                ref
                for idea_id, ref, text in found
                if text is not None and await project(tx, idea_id, *text, now)
            ]


async def _rendered(idea_id: UUID, ref: str, render: Render) -> tuple[UUID, str, Rendered | None]:
    return idea_id, ref, await render()


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

"""Housekeeping of one room: where its head is, its projection, its snapshots.

The projection (title, plain text, sections) is what pages, lists and search read. It follows the
log within a second and carries the seq it shows, so nobody mistakes it for newer than it is
(ADR 0006).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from collab.process.version import TextVersion
from collab.sync.document import Document
from collab.sync.text import DossierText, render, sha256
from server.realtime.rooms.ledger import Ledger
from server.realtime.rooms.loading import Loaded

log = structlog.get_logger()

PROJECTION_S = 1.0
"""How far the projection may lag behind the log."""

SNAPSHOT_ROWS = 500
"""A snapshot is taken when the tail has this many rows."""


class Keeper:
    """Knows the head of one document and keeps what is derived from it."""

    def __init__(self, loaded: Loaded, ledger: Ledger, on_text: Callable[[str], None]) -> None:
        self.head = loaded.head
        self._idea_id = loaded.idea_id
        self._ref = loaded.ref
        self._sections = loaded.sections
        self._ledger = ledger
        self._on_text = on_text
        self._tail_rows = loaded.tail_rows
        self._dirty_since: float | None = None
        self._rendered: tuple[DossierText, TextVersion] | None = None

    def show(self, sections: tuple[str, ...]) -> None:
        """The idea has another template now: these are the sections it shows."""
        if sections != self._sections:
            self._sections = sections
            self._rendered = None

    def committed(self, seq: int) -> int:
        """Move the head to ``seq``; returns where it was."""
        before = self.head.seq
        self.head = replace(self.head, seq=seq)
        self._tail_rows += seq - before
        if self._dirty_since is None:
            self._dirty_since = asyncio.get_running_loop().time()
        return before

    def due_in_s(self, now: float) -> float:
        """Seconds until there is something to keep."""
        if self._dirty_since is None:
            return float("inf")
        return self._dirty_since + PROJECTION_S - now

    def text(self, document: Document) -> tuple[DossierText, TextVersion]:
        """The text at the head, rendered once per version."""
        head = self.head
        if self._rendered is None or (self._rendered[1].epoch, self._rendered[1].seq) != (
            head.epoch,
            head.seq,
        ):
            text = render(document, self._sections)
            self._rendered = text, TextVersion(head.epoch, head.seq, sha256(text))
        return self._rendered

    async def keep(self, document: Document, now: float, *, finally_: bool = False) -> None:
        """Write projection and snapshot where they are due; at the end, whatever is left."""
        if self._dirty_since is not None and (finally_ or self.due_in_s(now) <= 0):
            await self.project(document)
        if self._tail_rows >= SNAPSHOT_ROWS or (finally_ and self._tail_rows > 0):
            await self._snapshot(document)

    async def project(self, document: Document) -> None:
        """Write the projection of the head."""
        self._dirty_since = None
        text, version = self.text(document)
        if await self._ledger.project(self._idea_id, text, version):
            self._on_text(self._ref)

    async def _snapshot(self, document: Document) -> None:
        """Keep the state, unless it would read differently from the log it stands for.

        Hostile origins can make the live order of texts differ from the order after a reload;
        then the log remains the only truth.
        """
        head, state = self.head, document.state()
        self._tail_rows = 0
        reloaded = render(Document.load(document.schema, [state]), self._sections)
        if sha256(reloaded) != self.text(document)[1].sha256:
            log.error("no snapshot: it would read differently", document=str(head.id), seq=head.seq)
            return
        await self._ledger.save_snapshot(head, state)

"""Housekeeping of one room: where its head is, its projection, its snapshots.

The projection (title, plain text, sections) is what pages, lists and search read. It follows the
log and carries the seq it shows, so nobody mistakes it for newer than it is (ADR 0006, 0012).
"""

from __future__ import annotations

import asyncio

import structlog

from collab.process.version import TextVersion
from collab.sync.document import Document
from collab.sync.text import render, sha256
from server.realtime.crash.record import Phase, noted
from server.realtime.rooms.ledger import Ledger
from server.realtime.rooms.loading import Loaded
from server.realtime.rooms.projector import Render, Rendered
from storage.documents import Head

log = structlog.get_logger()

SNAPSHOT_ROWS = 500
"""A snapshot is taken when the tail has this many rows,"""

SNAPSHOT_S = 20.0
"""but no sooner than this after the one before,"""

SNAPSHOT_ROWS_MAX = 20_000
"""unless the tail has grown so long that reading it would take half a second."""


REPAIR_S = 10.0
"""A text that others wrote is shown by them; if not so long after, this process sees to it."""


class Keeper:
    """Knows the head of one document and keeps what is derived from it."""

    def __init__(self, loaded: Loaded, ledger: Ledger, render: Render) -> None:
        """``render`` asks the room for the text between two turns."""
        self.head = loaded.head
        self._listed = loaded.listed
        self._sections = loaded.sections
        self._ledger = ledger
        self._render = render
        self._tail_rows = loaded.tail_rows
        self._snapshot_at = float("-inf")
        self._has_changed = not loaded.is_shown
        self._followed_at: float | None = None
        self._rendered: Rendered | None = None
        if self._has_changed:
            self._mark()

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that the idea shows."""
        return self._sections

    def show(self, sections: tuple[str, ...]) -> None:
        """The idea has another template now: these are the sections it shows."""
        if sections != self._sections:
            self._sections = sections
            self._rendered = None

    def committed(self, seq: int) -> int:
        """Move the head to ``seq``; returns where it was."""
        before = self.head.seq
        self.head = self.head.at(seq)
        self._tail_rows += seq - before
        self._has_changed = True
        self._mark()
        return before

    def follow(self, head: Head) -> None:
        """Another process has moved the head: what is derived from it is first of all its task."""
        self.head = head
        self._followed_at = asyncio.get_running_loop().time()

    def text(self, document: Document) -> Rendered:
        """The text at the head, rendered once per version."""
        head = self.head
        if self._rendered is None or (self._rendered[1].epoch, self._rendered[1].seq) != (
            head.epoch,
            head.seq,
        ):
            with noted(head.id, head.epoch, head.seq, Phase.READ):
                text = render(document, self._sections)
            self._rendered = text, TextVersion(head.epoch, head.seq, sha256(text))
        return self._rendered

    async def keep(self, document: Document, now: float) -> None:
        """Take a snapshot if one is due, and see that what others wrote is shown."""
        if self._followed_at is not None and now - self._followed_at >= REPAIR_S:
            self._followed_at = None
            if not await self._is_shown():
                self._mark()
        is_old = now - self._snapshot_at >= SNAPSHOT_S or self._tail_rows >= SNAPSHOT_ROWS_MAX
        if self._tail_rows >= SNAPSHOT_ROWS and is_old:
            self._snapshot_at = now
            await self._snapshot(document)

    async def finish(self, document: Document) -> None:
        """The room closes: keep whatever is left to be kept."""
        if self._has_changed or self._followed_at is not None:
            await self.project(document)
        if self._tail_rows:
            await self._snapshot(document)

    async def project(self, document: Document) -> None:
        """Show the text of the head in pages and search, if they show this document's text."""
        if self._listed is not None:
            idea_id, ref = self._listed.idea_id, self._listed.ref
            await self._ledger.project(idea_id, ref, *self.text(document))

    async def _is_shown(self) -> bool:
        """Whoever wrote last may have died before he showed it."""
        if self._listed is None:
            return True
        shown = await self._ledger.shown_at(self._listed.idea_id)
        return shown is not None and shown >= (self.head.epoch, self.head.seq)

    def _mark(self) -> None:
        """Have the text shown soon."""
        if self._listed is not None:
            self._ledger.changed(self._listed.idea_id, self._listed.ref, self._render)

    async def _snapshot(self, document: Document) -> None:
        """Keep the state, unless it would read differently from the log it stands for.

        Hostile origins can make the live order of texts differ from the order after a reload;
        then the log remains the only truth.
        """
        head, self._tail_rows = self.head, 0
        with noted(head.id, head.epoch, head.seq, Phase.READ):
            state = document.state()
            reloaded = render(Document.load(document.schema, [state]), self._sections)
        if sha256(reloaded) != self.text(document)[1].sha256:
            log.error("no snapshot: it would read differently", document=str(head.id), seq=head.seq)
            return
        await self._ledger.save_snapshot(head, state)

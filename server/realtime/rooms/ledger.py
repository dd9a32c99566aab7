"""What one room asks of storage, as a port: its log, its people's rights, its projection.

``SqlLedger`` is the real one. Rooms know only ``Ledger``, so they can be driven over a log in
memory, by a seed, through every fault (``bench/chaos``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Protocol
from uuid import UUID

from collab.process.version import TextVersion
from collab.sync.rooms.session import Grant
from collab.sync.text import DossierText
from collab.sync.yjs.barred import NOTHING_BARRED, Barred
from server.monitoring.metrics.hot import note_commit
from server.monitoring.metrics.rooms import catch_ups_total, load_seconds, room_failures_total
from server.realtime.access import grants
from server.realtime.crash.inquest import Inquest
from server.realtime.holders import holder
from server.realtime.late.store import LateStore, SqlLateStore
from server.realtime.rooms.committer import Committer
from server.realtime.rooms.loading import DocumentSuspect, Loaded, load
from server.realtime.rooms.projector import Projector, Render
from storage import documents, texts
from storage.database import Database
from storage.documents import Batch, Committed, Head, LogEntry, Outcome
from storage.log import quarantine
from storage.log.held import Judge, hold
from storage.log.missed import Missed, missed


@dataclass(frozen=True, slots=True)
class Standing:
    """Who may do what now, in which epoch and at which access version; the sections shown.

    ``barred``: what is never applied again.
    """

    grants: Mapping[UUID | None, Grant]
    epoch: int
    access_version: int
    sections: tuple[str, ...] | None
    barred: Barred = NOTHING_BARRED


class Ledger(Protocol):
    """The durable side of one document. Every method may raise what the database says."""

    @property
    def document_id(self) -> UUID:
        """Which document this is about."""

    @property
    def late(self) -> LateStore:
        """What came after the text was settled."""

    async def load(self) -> Loaded:
        """The document at its head.

        Raises:
            DocumentAbsent, DocumentUnreadable: it cannot be had.
        """

    async def reload(self, known: Head) -> tuple[Loaded, Sequence[LogEntry]]:
        """The document at its head, and the rows after ``known`` in the same moment."""

    async def missed(self, known: Head) -> Missed | None:
        """What was written since ``known``; ``None`` if it is gone or was rewritten.

        Raises:
            UnreadableLog: rows are damaged, or were cut.
        """

    async def head(self) -> Head | None:
        """Where the document stands now; ``None`` if it is gone."""

    async def shown_at(self, idea_id: UUID) -> tuple[int, int] | None:
        """Epoch and seq of the text that pages and search show."""

    async def since(self, epoch: int, seq: int) -> Sequence[LogEntry]:
        """The committed rows after ``seq``."""

    async def commit(self, batch: Batch) -> Outcome:
        """Make a turn durable, or say why it does not fit."""

    async def hold(self, known: Head, judge: Judge) -> Outcome:
        """Lock the document, let a turn be judged after what was missed, make it durable.

        ``judge`` gets the rows since ``known`` and returns what is to be written, or ``None``. It
        is not called where epoch or access version are not those of ``known``, or rows were cut.
        """

    async def standing(self, people: Iterable[UUID | None]) -> Standing:
        """The rights of these people, read in one moment."""

    async def accuse(self, head: Head, update: bytes | None, actor: UUID | None) -> bool:
        """The document broke: find out whether over this update, which is barred then."""

    def changed(self, idea_id: UUID, ref: str, render: Render) -> None:
        """The text has changed: ask for it soon and show it in pages and search."""

    async def project(
        self, idea_id: UUID, ref: str, text: DossierText, version: TextVersion
    ) -> None:
        """Show this text now."""

    async def save_snapshot(self, head: Head, state: bytes) -> None:
        """Keep the state at ``head`` as a cache of the log."""


@dataclass(frozen=True, slots=True)
class SqlLedger:
    """The ledger of one document in the database."""

    document_id: UUID
    database: Database
    committer: Committer
    projector: Projector
    clock: Callable[[], datetime]
    inquest: Inquest

    @property
    def late(self) -> SqlLateStore:
        return SqlLateStore(self.document_id, self.database, self.clock)

    async def load(self) -> Loaded:
        """As ``Ledger.load``; a suspect document is tried in a child process first."""
        with load_seconds.time(), room_failures_total.labels("opening").count_exceptions():
            return await self._load()

    async def _load(self) -> Loaded:
        try:
            async with self.database.read() as tx:
                return await load(tx, self.document_id)
        except DocumentSuspect:
            await self.inquest.inquire(self.document_id)
        async with self.database.read() as tx:
            return await load(tx, self.document_id)

    async def reload(self, known: Head) -> tuple[Loaded, Sequence[LogEntry]]:
        catch_ups_total.labels("conflict").inc()
        async with self.database.read() as tx:
            loaded = await load(tx, self.document_id)
            missed = await documents.since(tx, self.document_id, known.epoch, known.seq)
        return loaded, missed

    async def missed(self, known: Head) -> Missed | None:
        async with self.database.read() as tx:
            return await missed(tx, known)

    async def shown_at(self, idea_id: UUID) -> tuple[int, int] | None:
        async with self.database.read() as tx:
            return await texts.shown_at(tx, idea_id)

    async def head(self) -> Head | None:
        async with self.database.read() as tx:
            return (await documents.heads(tx, [self.document_id])).get(self.document_id)

    async def since(self, epoch: int, seq: int) -> Sequence[LogEntry]:
        catch_ups_total.labels("slow-reader").inc()
        async with self.database.read() as tx:
            return await documents.since(tx, self.document_id, epoch, seq)

    async def commit(self, batch: Batch) -> Outcome:
        return await self.committer.commit(batch)

    async def hold(self, known: Head, judge: Judge) -> Outcome:
        written: list[Batch] = []

        def judged(missed: Missed) -> Batch | None:
            batch = judge(missed)
            written.extend([] if batch is None else [batch])
            return batch

        began = perf_counter()
        outcome = await hold(self.database, known, judged, self.clock())
        if written and isinstance(outcome, Committed):
            note_commit(len(written[0].rows), perf_counter() - began)
        return outcome

    async def standing(self, people: Iterable[UUID | None]) -> Standing:
        async with self.database.read() as tx:
            found = await grants(tx, self.document_id, people)
            head = (await documents.heads(tx, [self.document_id]))[self.document_id]
            held_by = await holder(tx, self.document_id)
            barred = Barred.of(await quarantine.barred(tx, self.document_id))
        sections = None if held_by is None else held_by.sections
        return Standing(found, head.epoch, head.access_version, sections, barred)

    async def accuse(self, head: Head, update: bytes | None, actor: UUID | None) -> bool:
        return await self.inquest.accuse(head, update, actor)

    def changed(self, idea_id: UUID, ref: str, render: Render) -> None:
        self.projector.mark(idea_id, ref, render)

    async def project(
        self, idea_id: UUID, ref: str, text: DossierText, version: TextVersion
    ) -> None:
        await self.projector.project(idea_id, ref, text, version)

    async def save_snapshot(self, head: Head, state: bytes) -> None:
        async with self.database.write() as tx:
            await documents.save_snapshot(tx, head.id, head.epoch, head.seq, state, self.clock())

"""The ledger of a simulated process: the log in memory, behind storage that fails and dawdles."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from bench.chaos.judge import Judge
from bench.chaos.machines.memory import MemoryLog
from collab.process.version import TextVersion
from collab.sync.document import Document
from collab.sync.rooms.session import Grant
from collab.sync.schema import SERVER_CLIENT, TITLE, DocumentSchema
from collab.sync.text import DossierText
from server.realtime.late.store import Late
from server.realtime.late.store import Outcome as LateOutcome
from server.realtime.rooms.ledger import Standing
from server.realtime.rooms.loading import DocumentAbsent, DocumentUnreadable, Loaded
from server.realtime.rooms.projector import Render
from storage.documents import Absent, Batch, Committed, Failed, Head, LogEntry, Outcome
from storage.process.late import LateContribution

SCHEMA = DocumentSchema(1, (TITLE, "situation", "wishes"))
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WRITER = Grant(read=True, write=True)
READER = Grant(read=True, write=False, reason="stage")
MUTED = Grant(read=True, write=False, reason="muted")


class StorageAway(Exception):
    """What a database says when it is not there, or no longer sure."""


@dataclass
class Weather:
    """What befalls storage, by chance; ``calm`` ends it."""

    dice: Random
    latency_s: float = 0.002
    failing: float = 0.0
    """Reads and small writes that fail."""
    lost: float = 0.0
    """Commits that fail before they are durable."""
    unknown: float = 0.0
    """Commits that are durable and reported as failed."""
    again: float = 0.0
    """Commits that are durable, are tried again, and then do not fit any more."""
    is_away: bool = False

    def calm(self) -> None:
        self.failing = self.lost = self.unknown = self.again = 0.0
        self.is_away = False
        self.latency_s = min(self.latency_s, 0.005)

    def delay(self) -> float:
        return self.dice.expovariate(1 / self.latency_s)

    async def pass_by(self) -> None:
        """Take some time, and fail now and then."""
        await asyncio.sleep(self.delay())
        if self.is_away or self.dice.random() < self.failing:
            raise StorageAway("no connection")


@dataclass
class Archive:
    """The shared storage of all processes: the log, rights, and what the judge hears of it."""

    log: MemoryLog
    judge: Judge
    now: Callable[[], float]
    muted: set[tuple[UUID, UUID]] = field(default_factory=set)
    ever_muted: set[tuple[UUID, UUID]] = field(default_factory=set)

    @property
    def clock(self) -> datetime:
        return BEGIN + timedelta(seconds=self.now())

    def create(self, document_id: UUID, paragraphs: Sequence[str]) -> Head:
        _, seed = Document.seeded(SCHEMA, {TITLE: ["Titel"], "situation": paragraphs})
        head = self.log.create(document_id, "dossier", 1, seed, [SERVER_CLIENT], self.clock)
        self.judge.committed((document_id, head.epoch), seed, None)
        return head

    def rewrite(self, document_id: UUID, paragraphs: Sequence[str]) -> Head:
        """Begin a new epoch, as an erasure does."""
        _, seed = Document.seeded(SCHEMA, {TITLE: ["Titel"], "situation": paragraphs})
        head = self.log.rewrite(document_id, seed, [SERVER_CLIENT], self.clock)
        self.judge.committed((document_id, head.epoch), seed, None)
        return head

    def commit(self, batch: Batch) -> Outcome:
        outcome = self.log.commit_batch([batch], self.clock)[batch.document_id]
        if isinstance(outcome, Committed):
            for row in batch.rows:
                self.judge.committed((batch.document_id, batch.epoch), row.update, row.actor_id)
        return outcome

    def grant(self, document_id: UUID, person_id: UUID | None) -> Grant:
        if person_id is None:
            return READER
        return MUTED if (document_id, person_id) in self.muted else WRITER


class NothingLate:
    """No text is settled in a simulated world, so nothing comes late."""

    async def waiting(self, actor: UUID | None = None) -> Sequence[LateContribution]:
        return ()

    async def has_room(self, actor: UUID, size: int) -> bool:
        return False

    async def keep(self, given: Late) -> LateOutcome:
        raise AssertionError("nobody loses the right to write by a stage")

    async def applied(self, contribution_id: UUID, seq: int) -> None:
        raise AssertionError("nothing was kept")

    async def set_aside(self, contribution_id: UUID, reason: str) -> None:
        raise AssertionError("nothing was kept")


@dataclass(frozen=True)
class MemoryLedger:
    """The durable side of one document, as a room sees it."""

    document_id: UUID
    archive: Archive
    weather: Weather

    @property
    def late(self) -> NothingLate:
        return NothingLate()

    async def load(self) -> Loaded:
        await self.weather.pass_by()
        loaded = self._loaded()
        await self.weather.pass_by()
        return loaded

    async def reload(self, known: Head) -> tuple[Loaded, Sequence[LogEntry]]:
        await self.weather.pass_by()
        loaded = self._loaded()
        missed = self.archive.log.since(self.document_id, known.epoch, known.seq)
        await self.weather.pass_by()
        return loaded, missed

    async def head(self) -> Head | None:
        await self.weather.pass_by()
        return self._head()

    async def since(self, epoch: int, seq: int) -> Sequence[LogEntry]:
        await self.weather.pass_by()
        rows = self.archive.log.since(self.document_id, epoch, seq)
        await self.weather.pass_by()
        return rows

    async def commit(self, batch: Batch) -> Outcome:
        """What is under way may become durable although nobody waits for it any more."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Outcome] = loop.create_future()
        loop.call_later(self.weather.delay(), self._arrive, batch, done)
        return await done

    async def standing(self, people: Iterable[UUID | None]) -> Standing:
        await self.weather.pass_by()
        grants = {each: self.archive.grant(self.document_id, each) for each in people}
        head = self._head()
        assert head is not None
        standing = Standing(grants, head.epoch, head.access_version, None)
        await self.weather.pass_by()
        return standing

    async def accuse(self, head: Head, update: bytes | None, actor: UUID | None) -> bool:
        """Nobody here sends what could break a document."""
        self.archive.judge.object_to(f"document {head.id} broke at seq {head.seq}")
        return False

    def changed(self, idea_id: UUID, ref: str, render: Render) -> None:
        """Nobody looks at pages here."""

    async def project(
        self, idea_id: UUID, ref: str, text: DossierText, version: TextVersion
    ) -> None:
        await self.weather.pass_by()

    async def save_snapshot(self, head: Head, state: bytes) -> None:
        await self.weather.pass_by()
        now = self.archive.clock
        self.archive.log.save_snapshot(head.id, head.epoch, head.seq, state, now)
        await self.weather.pass_by()

    def _head(self) -> Head | None:
        return self.archive.log.heads([self.document_id]).get(self.document_id)

    def _loaded(self) -> Loaded:
        found = self.archive.log.load(self.document_id)
        if isinstance(found, Absent):
            raise DocumentAbsent
        if isinstance(found, Failed):
            raise DocumentUnreadable(found.why)
        return Loaded(
            document=Document.load(SCHEMA, found.updates),
            head=found.head,
            owners=dict(found.owners),
            idea_id=self.document_id,
            ref=self.document_id.hex[:4],
            sections=SCHEMA.roots[1:],
            tail_rows=len(found.updates) - 1,
        )

    def _arrive(self, batch: Batch, done: asyncio.Future[Outcome]) -> None:
        """The commit reaches storage; its outcome comes back, or another, or none."""
        chance = self.weather.dice.random()
        result: Outcome | Exception
        if self.weather.is_away or chance < self.weather.lost:
            result = StorageAway("nothing was written")
        else:
            result = self.archive.commit(batch)
            chance -= self.weather.lost
            if 0 <= chance < self.weather.unknown:
                result = StorageAway("nobody knows what was written")
            elif 0 <= chance - self.weather.unknown < self.weather.again:
                result = self.archive.commit(batch)
        asyncio.get_running_loop().call_later(self.weather.delay(), _settle, done, result)


def _settle(done: asyncio.Future[Outcome], result: Outcome | Exception) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)

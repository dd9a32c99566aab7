"""The ledger of a simulated process: the log in memory, behind storage that fails and dawdles."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bench.chaos.judge import Judge, parsed
from bench.chaos.machines.memory import MemoryLog
from bench.chaos.machines.weather import StorageAway, Weather
from collab.process.version import TextVersion
from collab.sync.document import Document
from collab.sync.rooms.session import Grant
from collab.sync.schema import SERVER_CLIENT, TITLE, DocumentSchema
from collab.sync.text import DossierText
from server.realtime.late.store import Late
from server.realtime.late.store import Outcome as LateOutcome
from server.realtime.rooms.ledger import Standing
from server.realtime.rooms.loading import DocumentAbsent, DocumentUnreadable, Listed, Loaded
from server.realtime.rooms.projector import Render
from storage.documents import (
    Absent,
    Batch,
    Committed,
    Failed,
    Head,
    LogEntry,
    Moved,
    Outcome,
    UnreadableLog,
)
from storage.log.held import Judge as TurnJudge
from storage.log.missed import Missed
from storage.process.late import LateContribution

SCHEMA = DocumentSchema(1, (TITLE, "situation", "wishes"))
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WRITER = Grant(read=True, write=True)
READER = Grant(read=True, write=False, reason="stage")
MUTED = Grant(read=True, write=False, reason="muted")


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

    async def missed(self, known: Head) -> Missed | None:
        await self.weather.pass_by()
        missed = self._missed(known)
        await self.weather.pass_by()
        return missed

    async def hold(self, known: Head, judge: TurnJudge) -> Outcome:
        """As ``commit``; what is done under the lock takes no time here, and ends with its room."""
        judged: list[Batch] = []

        def act() -> Outcome:
            if judged:
                return self.archive.commit(judged[0])
            head = self._head()
            if head is None or head.access_version != known.access_version:
                return Moved(head)
            try:
                missed = self._missed(known)
            except UnreadableLog:
                return Moved(head)
            if missed is None:
                return Moved(head)
            batch = judge(missed)
            if batch is None:
                return Committed(head.seq)
            judged.append(batch)
            return self.archive.commit(batch)

        return await self._arrived(act, survives=False)

    async def shown_at(self, idea_id: UUID) -> tuple[int, int] | None:
        """Nobody looks at pages here, so nothing lags behind."""
        await self.weather.pass_by()
        head = self._head()
        return None if head is None else (head.epoch, head.seq)

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
        return await self._arrived(lambda: self.archive.commit(batch))

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

    async def _arrived(self, act: Callable[[], Outcome], *, survives: bool = True) -> Outcome:
        """The outcome of what reaches storage; some of it does though its process has died."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Outcome] = loop.create_future()

        def arrive() -> None:
            if survives or not done.done():
                self._arrive(act, done)

        loop.call_later(self.weather.delay(), arrive)
        return await done

    def _missed(self, known: Head) -> Missed | None:
        head = self._head()
        if head is None or head.epoch != known.epoch:
            return None
        rows = self.archive.log.since(self.document_id, known.epoch, known.seq)
        if known.seq + len(rows) != head.seq:
            raise UnreadableLog("rows were cut")
        owners = {
            block.client: row.actor_id
            for row in rows
            for block in parsed(row.update).blocks
            if block.clock == 0
        }
        return Missed(head, tuple(row.update for row in rows), owners)

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
            listed=Listed(self.document_id, self.document_id.hex[:4]),
            sections=SCHEMA.roots[1:],
            tail_rows=len(found.updates) - 1,
        )

    def _arrive(self, act: Callable[[], Outcome], done: asyncio.Future[Outcome]) -> None:
        """The commit reaches storage; its outcome comes back, or another, or none."""
        chance = self.weather.dice.random()
        result: Outcome | Exception
        if self.weather.is_away or chance < self.weather.lost:
            result = StorageAway("nothing was written")
        else:
            try:
                result = act()
            except Exception as error:  # what judged did not want it, so nothing is written
                _settle(done, error)
                return
            chance -= self.weather.lost
            if 0 <= chance < self.weather.unknown:
                result = StorageAway("nobody knows what was written")
            elif 0 <= chance - self.weather.unknown < self.weather.again:
                result = act()
        asyncio.get_running_loop().call_later(self.weather.delay(), _settle, done, result)


def _settle(done: asyncio.Future[Outcome], result: Outcome | Exception) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)

"""The task that drives one room: collect, attend, write, commit, tell, keep.

States: LOADING → OPEN → CLOSED. All transitions happen in the room's own task. Between turns the
document in memory equals what is durable, because a turn ends only after its commit.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from collab.sync.failures import is_panic, is_poison
from collab.sync.messages import Awareness, QueryAwareness
from collab.sync.rooms.room import Room
from collab.sync.rooms.session import SessionId
from collab.sync.rooms.turns import Received
from server.monitoring.log import cause
from server.monitoring.metrics.rooms import room_failures_total
from server.realtime.crash.record import Phase, noted
from server.realtime.rooms import beat
from server.realtime.rooms.audience import Audience
from server.realtime.rooms.beat import Beat
from server.realtime.rooms.client import Client
from server.realtime.rooms.elsewhere.company import Counts
from server.realtime.rooms.elsewhere.follower import Follower
from server.realtime.rooms.elsewhere.mail import Mail
from server.realtime.rooms.elsewhere.telling import Outlet, Telling
from server.realtime.rooms.elsewhere.written import Written
from server.realtime.rooms.inbox import Inbox
from server.realtime.rooms.items import (
    OF_OTHERS,
    Drained,
    Item,
    Join,
    Leave,
    Make,
    Read,
    Regrant,
    RoomClosed,
    Write,
)
from server.realtime.rooms.keeping import Keeper
from server.realtime.rooms.ledger import Ledger
from server.realtime.rooms.projector import Rendered
from server.realtime.rooms.writer import Writer
from storage.documents import Head

INBOX_ITEMS_MAX = 1_024
LEAVE_GRACE_S = 4.0
IDLE_S = 30.0

log = structlog.get_logger()


class State(enum.Enum):
    LOADING = "loading"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(eq=False)
class LiveRoom:
    """One open document of this process."""

    ledger: Ledger
    counts: Counts = field(default_factory=Counts)
    on_written: Callable[[Written], None] = lambda _written: None
    outlet: Outlet = field(default_factory=Outlet)
    inbox: Inbox[Item] = field(default_factory=lambda: Inbox(INBOX_ITEMS_MAX))
    state: State = State.LOADING

    def __post_init__(self) -> None:
        self.mail = Mail(self.inbox)
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._room: Room | None = None
        self._taken: list[Item] = []
        self._turns = Beat(*beat.TURN, self._now())
        self._used_at = self._now()

    # The task.

    async def run(self) -> None:
        """Drive the room until it is idle or cannot go on. Never raises but for cancellation."""
        try:
            await self._open()
            while await self._next_turn():
                pass
        except BaseException as error:
            if not isinstance(error, Exception) and not is_panic(error):
                raise
            await self._suspect(error)
            self._fail(error)
        finally:
            self.state = State.CLOSED
            self.ready.cancel()
            if self._room is not None:
                self.telling.close()
            self._abandon([*self._taken, *self.inbox.take()])

    @property
    def document_id(self) -> UUID:
        return self.ledger.document_id

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state is State.CLOSED

    @property
    def room(self) -> Room:
        assert self._room is not None
        return self._room

    @property
    def head(self) -> Head:
        """Where the document stands in the log."""
        return self._keeper.head

    async def text(self) -> Rendered | None:
        """The durable text between two turns; ``None`` if the room closes under the question."""
        if not self.is_open:
            return None
        answer: asyncio.Future[Rendered] = asyncio.get_running_loop().create_future()
        self.inbox.signal(Read(answer, flush=False))
        try:
            return await answer
        except RoomClosed:
            return None

    async def _open(self) -> None:
        loaded = await self.ledger.load()
        self._room = Room(loaded.document, loaded.owners)
        self._audience = Audience(self._room)
        heard = (self._room, self._audience, self.inbox, self.outlet, self._now())
        self.telling = Telling(self.document_id, *heard)
        self._keeper = Keeper(loaded, self.ledger, self.text)
        parts = (self._room, self._keeper, self._audience, self.ledger)
        self._follower = Follower(*parts, self.counts)
        self._writer = Writer(*parts, self._follower, self.on_written)
        self.state = State.OPEN
        self.ready.set_result(None)
        if loaded.has_late:
            self.inbox.signal(Regrant())

    async def _next_turn(self) -> bool:
        """One turn; ``False`` when nobody needs the room any more."""
        if not await self.inbox.wait(self._patience_s()):
            return await self._rest()
        await self._tick()
        self._taken = items = self.inbox.take()
        if not all(isinstance(item, OF_OTHERS) for item in items):
            self._used_at = self._now()
        await self._attend(items)
        await self._write([item for item in items if isinstance(item, Received | Write)])
        for item in items:
            if isinstance(item, Make):
                await item.answer(self._writer.make(item.change))
        self.telling.tell(self._now())
        for item in items:
            if isinstance(item, Leave):
                self._leave(item.session)
        await self._rest()
        await self._answer([item for item in items if isinstance(item, Read)])
        self._taken = []
        return True

    async def _tick(self) -> None:
        """In a crowd, wait a little for what others type."""
        wait_s = self._turns.due_in_s(len(self._audience.clients), self._now())
        if wait_s:
            await asyncio.sleep(wait_s)
        self._turns.last = self._now()

    def _patience_s(self) -> float:
        """How long to wait for the next item before there is housekeeping to do."""
        return max(0.0, min(IDLE_S, self.telling.due_in_s(self._now())))

    async def _rest(self) -> bool:
        """Housekeeping between turns; ``False`` if the room has been idle long enough."""
        self.telling.tell(self._now())
        self.telling.expire(self._now())
        await self._keeper.keep(self.room.document, self._now())
        is_idle = not self._audience.clients and self._now() - self._used_at >= IDLE_S
        if is_idle and not len(self.inbox):
            await self._keeper.finish(self.room.document)
            return bool(len(self.inbox))
        return True

    # Attending.

    async def _attend(self, items: Sequence[Item]) -> None:
        for item in items:
            match item:
                case Join(client=client, epoch=epoch):
                    self._join(client, epoch)
                case Received(message=Awareness() | QueryAwareness()):
                    self._audience.perform(self.room.attend(item))
                case Drained(session):
                    await self._follower.make_up(session)
                case _:
                    pass
        await self._follower.hear(items)
        if any(self._changes_rights(item) for item in items):
            await self._follower.regrant()
            await self._writer.take_up_late()

    def _join(self, client: Client, epoch: int) -> None:
        """Let a client in, unless the document was rewritten while he came."""
        if epoch != self.head.epoch:
            client.end("stale-document")
            return
        self._audience.clients[client.session.id] = client
        head = self.head
        with noted(head.id, head.epoch, head.seq, Phase.READ):
            joined = self.room.join(client.session, greets=not client.is_hocuspocus)
        self._audience.perform(joined)

    def _changes_rights(self, item: Item) -> bool:
        """Rights were changed, or somebody came in with rights older or newer than the room's."""
        if isinstance(item, Join):
            return item.access_version != self.head.access_version
        return isinstance(item, Regrant)

    def _leave(self, session: SessionId) -> None:
        self._audience.clients.pop(session, None)
        self.room.leave(session, leaves_at=self._now() + LEAVE_GRACE_S)

    # Writing.

    async def _write(self, items: Sequence[Received | Write]) -> None:
        if not items:
            return
        refused = await self._writer.write(
            [item.update if isinstance(item, Write) else item for item in items]
        )
        for item in items:
            if isinstance(item, Write) and not item.done.done():
                reasons = [refusal for update, refusal in refused if update is item.update]
                if reasons:
                    item.done.set_exception(reasons[0])
                else:
                    item.done.set_result(None)

    async def _answer(self, reads: Sequence[Read]) -> None:
        """Hand out the durable text."""
        for read in reads:
            text, version = self._keeper.text(self.room.document)
            if read.flush:
                await self._keeper.project(self.room.document)
            if not read.answer.done():
                read.answer.set_result((text, version))

    # Ends.

    async def _suspect(self, error: BaseException) -> None:
        """If pycrdt failed outside a turn, the document is tried before it is opened again."""
        if self._room is not None and is_poison(error):
            try:
                await self.ledger.accuse(self.head, None, None)
            except Exception as failure:
                log.error("no trial", document=str(self.document_id), exc_info=failure)

    def _fail(self, error: BaseException) -> None:
        """The room cannot go on: everybody is asked to come back, nothing is acknowledged."""
        if not self.ready.done():
            self.ready.set_exception(error)
            return
        room_failures_total.labels("open").inc()
        log.error("room failed", document=str(self.document_id), **cause(error))
        if self._room is not None:
            self._audience.end_all("try-again")

    def _abandon(self, items: Sequence[Item]) -> None:
        """Whoever still waits for this room is told that it is gone."""
        for item in items:
            match item:
                case Join(client=client):
                    client.end("try-again")
                case Read(answer=future) | Write(done=future) | Make(done=future):
                    if not future.done():
                        future.set_exception(RoomClosed())
                case _:
                    pass

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

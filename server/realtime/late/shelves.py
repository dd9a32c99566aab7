"""Takes what came late to one room: keeps it, answers it, and brings it in when it may.

Late text is kept before it is answered, like any other. It becomes part of the text in the room's
own turn, through the guard and the log, in its author's name, under the rights of that moment.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final
from uuid import UUID

import structlog

from collab.sync.refusals import CATCH_UP_REASONS, FrameRefused, RefusalReason
from collab.sync.rooms import verdicts
from collab.sync.rooms.late import Shelf
from collab.sync.rooms.room import Room
from collab.sync.rooms.turns import Received, ServerUpdate, update_of
from server.monitoring.metrics.rooms import late_texts_total
from server.realtime.crash.record import Phase, noted
from server.realtime.late.store import Late, Outcome
from server.realtime.rooms.audience import Audience
from server.realtime.rooms.keeping import Keeper
from server.realtime.rooms.ledger import Ledger
from storage.process.late import LateContribution

SHELVES_MAX: Final = 8
"""Each is a copy of the text; the one that was used longest ago is made anew when needed."""

PASSING: Final = frozenset({RefusalReason.QUOTA, RefusalReason.STALE_DOCUMENT})
"""After these a contribution goes on waiting: the text may be cut, the rights may come again."""

log = structlog.get_logger()


class Shelves:
    """The late text of one room."""

    def __init__(self, room: Room, keeper: Keeper, audience: Audience, ledger: Ledger) -> None:
        self._room = room
        self._keeper = keeper
        self._audience = audience
        self._ledger = ledger
        self._shelves: OrderedDict[UUID, Shelf] = OrderedDict()

    def clear(self) -> None:
        """What the room held is not what is durable: every shelf is made anew."""
        self._shelves.clear()

    async def keep(self, frames: Sequence[Received]) -> Sequence[Received]:
        """Keep and answer what came late; returns what must be judged once more."""
        again: list[Received] = []
        for frame in frames:
            reason = await self._keep(frame)
            if reason is None:
                again.append(frame)
            else:
                self._audience.perform(verdicts.refusal(frame.session, reason))
        return again

    async def fitting(self) -> Sequence[tuple[LateContribution, ServerUpdate]]:
        """What waits and may come into the text now, in its order.

        What was kept under an older epoch is set aside: the text it follows on was rewritten.
        """
        waiting = await self._ledger.late.waiting()
        if not waiting:
            return []
        head = self._keeper.head
        standing = await self._ledger.standing({row.actor_id for row in waiting})
        if (standing.epoch, standing.access_version) != (head.epoch, head.access_version):
            return []  # the room hears of that, and asks again
        found: list[tuple[LateContribution, ServerUpdate]] = []
        for row in waiting:
            if row.epoch != head.epoch:
                await self._set_aside(row, RefusalReason.STALE_DOCUMENT.value)
            elif standing.grants[row.actor_id].write and row.update is not None:
                rights = head.access_version
                update = ServerUpdate(row.update, row.actor_id, row.epoch, rights)
                found.append((row, update))
        return found

    async def settle(self, row: LateContribution, refusal: FrameRefused | None) -> bool:
        """Note that it is part of the text now, or lies aside; ``False`` if it goes on waiting."""
        self._shelves.pop(row.actor_id, None)
        if refusal is None:
            late_texts_total.labels("applied").inc()
            await self._ledger.late.applied(row.id, self._keeper.head.seq)
        elif refusal.reason in PASSING:
            return False
        else:
            await self._set_aside(row, refusal.reason.value)
        return True

    async def _keep(self, frame: Received) -> RefusalReason | None:
        """Why the frame is not in the text: it is kept, or it cannot be. ``None``: judge again."""
        session = self._room.session(frame.session)
        if session is None or session.participant.person_id is None:
            return RefusalReason.LATE
        actor = session.participant.person_id
        try:
            return await self._put(actor, frame)
        except FrameRefused as refusal:
            return refusal.reason

    async def _put(self, actor: UUID, frame: Received) -> RefusalReason | None:
        """Put the frame on the person's shelf, made anew before anything is refused."""
        shelf = self._shelves.pop(actor, None)
        is_new = shelf is None
        shelf = shelf or await self._made(actor)
        before = shelf.count
        try:
            with self._noted():
                news = shelf.news(update_of(frame))
            if news is None or not await self._ledger.late.has_room(actor, len(news)):
                self._remember(shelf)
                return RefusalReason.LATE if news is None else RefusalReason.LATE_FULL
            with self._noted():
                addition = shelf.put(update_of(frame))
        except FrameRefused as refusal:
            if is_new or refusal.reason not in CATCH_UP_REASONS:
                raise
            return await self._put(actor, frame)
        if addition is not None:
            kept = await self._ledger.late.keep(Late(self._keeper.head, actor, addition, before))
            if kept in _COUNTED:
                late_texts_total.labels(kept.value).inc()
            if kept is not Outcome.KEPT:
                return _REASONS[kept]
        self._remember(shelf)
        return RefusalReason.LATE

    async def _made(self, actor: UUID) -> Shelf:
        rows = await self._ledger.late.waiting(actor)
        head = self._keeper.head
        kept = [row.update for row in rows if row.epoch == head.epoch and row.update]
        with self._noted():
            return self._room.shelf(actor, kept, self._keeper.sections)

    def _remember(self, shelf: Shelf) -> None:
        self._shelves[shelf.actor] = shelf
        if len(self._shelves) > SHELVES_MAX:
            self._shelves.popitem(last=False)

    async def _set_aside(self, row: LateContribution, reason: str) -> None:
        late_texts_total.labels("set-aside").inc()
        log.info("late text set aside", document=str(row.document_id), reason=reason)
        await self._ledger.late.set_aside(row.id, reason)

    def _noted(self) -> AbstractContextManager[None]:
        head = self._keeper.head
        return noted(head.id, head.epoch, head.seq, Phase.READ)


_COUNTED: Final = frozenset({Outcome.KEPT, Outcome.FULL})
_REASONS: Final = {
    Outcome.FULL: RefusalReason.LATE_FULL,
    Outcome.FOREIGN: RefusalReason.FOREIGN_CLIENT,
    Outcome.MOVED: None,
}

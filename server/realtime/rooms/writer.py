"""Takes a room's turns to the log: judge, apply, commit, tell; and begins again where needed.

Where nobody else writes, a turn is judged first and committed with those of other rooms. Where
other processes write too, the document's head is locked first: a turn is judged under the lock,
after what they have written, and is never in vain (ADR 0024).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Final
from uuid import UUID

import structlog

from collab.sync.failures import DocumentBroken, is_poison
from collab.sync.messages import Changes
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.rooms import verdicts
from collab.sync.rooms.room import Room
from collab.sync.rooms.turns import ServerChange, ServerUpdate, Turn, Writing, update_of
from server.realtime.crash.record import Phase, noted
from server.realtime.rooms.audience import Audience
from server.realtime.rooms.elsewhere.follower import Follower
from server.realtime.rooms.elsewhere.written import Written
from server.realtime.rooms.keeping import Keeper
from server.realtime.rooms.ledger import Ledger
from storage.documents import Batch, Committed, LogRow
from storage.log.missed import Missed

MOMENTS_MAX: Final = 64
"""Turns under the lock for the same changes. Each needs rights to have changed, or the document to
have been rewritten, between reading that and locking; so many in a row cannot be."""

Refusals = Sequence[tuple[ServerUpdate, FrameRefused]]
Judging = Callable[[], Turn]
"""Judges and applies a turn to the text as it is then; called again if that was in vain."""

log = structlog.get_logger()


class Writer:
    """Writes the turns of one room."""

    def __init__(
        self,
        room: Room,
        keeper: Keeper,
        audience: Audience,
        ledger: Ledger,
        follower: Follower,
        on_written: Callable[[Written], None],
    ) -> None:
        """``on_written`` gets each turn when it is durable, before anybody here is told."""
        self._room = room
        self._keeper = keeper
        self._audience = audience
        self._ledger = ledger
        self._follower = follower
        self._on_written = on_written

    async def write(self, writings: Sequence[Writing]) -> Refusals:
        """Make a turn durable and tell everybody; returns the refused updates of the server.

        Raises:
            Exception: what the database said. Nothing was acknowledged, and the document in
                memory is no longer what is durable: the room must close.
        """
        try:
            return await self._write_together(writings)
        except DocumentBroken:
            return await self._write_apart(writings)

    async def make(self, change: ServerChange) -> int | None:
        """Change the text as it is, in a turn of its own; the seq that has it, or ``None``.

        Raises:
            FrameRefused: the guard did not take it, or it was made for another moment.
        """
        made_for = (change.epoch, change.access_version)
        # Who asks may know more than this process has read.
        if made_for != self._moment and not await self._has_caught_up(made_for):
            raise _stale()
        try:
            turn = await self._turn(lambda: self._made(change), may_change=True)
        except DocumentBroken:
            log.error("update broke the document", document=str(self._keeper.head.id))
            await self._follower.reload()
            raise FrameRefused(RefusalReason.MALFORMED, "it broke the document") from None
        if turn.refused:
            raise turn.refused[0][1]
        return self._keeper.head.seq if turn.contributions else None

    async def take_up_late(self) -> None:
        """Bring in what came late, if its authors may write again by now."""
        late = self._follower.late
        waiting: set[UUID] = set()
        for row, update in await late.fitting():
            if row.actor_id in waiting:  # it may follow on one that does not fit yet
                continue
            refused = await self.write([update])
            if not await late.settle(row, refused[0][1] if refused else None):
                waiting.add(row.actor_id)

    # Turns.

    async def _write_together(self, writings: Sequence[Writing]) -> Refusals:
        """Write a turn; what came late and must be judged once more makes another."""
        refused: list[tuple[ServerUpdate, FrameRefused]] = []
        for _ in range(MOMENTS_MAX):
            judging = _judging(self._judged, writings)
            turn = await self._turn(judging, may_change=self._room.may_change(writings))
            refused += turn.refused
            writings = await self._follower.late.keep(turn.late)
            if not writings:
                return refused
            self._follower.late.clear()
            await self._follower.follow()
            await self._follower.regrant()
        raise AssertionError(f"document {self._keeper.head.id}: late text never settles")

    async def _turn(self, judging: Judging, *, may_change: bool) -> Turn:
        """Judge and commit, at once if nobody else writes, else under the document's lock."""
        is_alone = not (may_change and self._follower.company.is_there)
        if is_alone and (turn := await self._try(judging)) is not None:
            return turn
        for _ in range(MOMENTS_MAX):
            if (turn := await self._hold(judging)) is not None:
                return turn
        raise AssertionError(f"document {self._keeper.head.id} was never the same under its lock")

    async def _try(self, judging: Judging) -> Turn | None:
        """Judge first and commit with the turns of other rooms; ``None`` if that was in vain."""
        with self._noted():
            turn = judging()
        # Who comes from a process that is ahead knows what this one has yet to read.
        if verdicts.is_doubtful(turn) and await self._follower.is_behind():
            await self._discard(turn)
            return None
        if not turn.contributions:
            self._audience.perform(self._room.committed(turn))
            return turn
        batch = self._batch(turn)
        outcome = await self._ledger.commit(batch)
        if isinstance(outcome, Committed):
            self._settle(turn, batch)
            return turn
        self._follower.counts.lost += 1
        self._follower.company.heard()
        await self._discard(turn)
        return None

    async def _hold(self, judging: Judging) -> Turn | None:
        """Lock the head, read on, judge, commit; ``None`` if it was not the moment we know."""
        known = self._keeper.head
        judged: list[tuple[Turn, Batch]] = []

        def judge(missed: Missed) -> Batch | None:
            if not self._follower.take(missed):
                return None
            with self._noted():
                turn = judging()
            judged.append((turn, self._batch(turn)))
            return judged[0][1] if turn.contributions else None

        self._follower.counts.held += 1
        outcome = await self._ledger.hold(known, judge)
        if not judged:
            await self._follower.follow()
            return None
        turn, batch = judged[0]
        if not isinstance(outcome, Committed):
            await self._discard(turn)
            return None
        self._settle(turn, batch)
        return turn

    async def _discard(self, turn: Turn) -> None:
        """The turn was in vain; what it has left in memory is thrown away."""
        if turn.contributions:
            await self._follower.reload()

    def _settle(self, turn: Turn, batch: Batch) -> None:
        """The turn is durable: tell other processes, then everybody here."""
        if not batch.rows:
            self._audience.perform(self._room.committed(turn))
            return
        before = self._keeper.committed(batch.seq + len(batch.rows))
        self._on_written(Written.of(batch))
        self._audience.perform(self._room.committed(turn), before)

    def _judged(self, writings: Sequence[Writing]) -> Turn:
        """Judge and apply what was made for this moment."""
        outdated = self._outdated(writings)
        turn = self._room.write([each for each in writings if each not in outdated])
        if not outdated:
            return turn
        return replace(turn, refused=(*((each, _stale()) for each in outdated), *turn.refused))

    def _made(self, change: ServerChange) -> Turn:
        """Make a change of the text as it is now, and apply it."""
        if self._moment != (change.epoch, change.access_version):
            return Turn(refused=((ServerUpdate(b"", change.actor), _stale()),))
        update = change.make(self._room.document)
        return Turn() if update is None else self._room.write([ServerUpdate(update, change.actor)])

    # Helpers.

    @property
    def _moment(self) -> tuple[int, int]:
        """Epoch and access version that this room knows."""
        return self._keeper.head.epoch, self._keeper.head.access_version

    async def _has_caught_up(self, moment: tuple[int, int]) -> bool:
        """Read the log and the rights anew; whether this is the moment now."""
        await self._follower.follow()
        return moment == self._moment

    def _outdated(self, writings: Sequence[Writing]) -> list[ServerUpdate]:
        """What the server made for a text that was rewritten since, or for other rights."""
        head = self._keeper.head
        updates = [each for each in writings if isinstance(each, ServerUpdate)]
        return [
            each
            for each in updates
            if each.epoch not in (None, head.epoch)
            or each.access_version not in (None, head.access_version)
        ]

    async def _write_apart(self, writings: Sequence[Writing]) -> Refusals:
        """The document broke under this turn: begin anew and find out who broke it."""
        refused: list[tuple[ServerUpdate, FrameRefused]] = []
        for writing in writings:
            await self._follower.reload()
            try:
                refused += await self._write_together([writing])
            except DocumentBroken as broken:
                log.error("update broke the document", document=str(self._keeper.head.id))
                is_barred = is_poison(broken) and await self._accuse(writing)
                await self._follower.reload()
                reason = RefusalReason.QUARANTINED if is_barred else RefusalReason.MALFORMED
                refusal = FrameRefused(reason, str(broken))
                if isinstance(writing, ServerUpdate):
                    refused.append((writing, refusal))
                else:
                    self._audience.perform(verdicts.refusal(writing.session, refusal.reason))
        return refused

    async def _accuse(self, writing: Writing) -> bool:
        """Whether the update is to blame or the document itself, a child process finds out."""
        head = self._keeper.head
        if isinstance(writing, ServerUpdate):
            return await self._ledger.accuse(head, writing.update, writing.actor)
        session = self._room.session(writing.session)
        person = session.participant.person_id if session else None
        is_change = isinstance(writing.message, Changes)
        return await self._ledger.accuse(head, update_of(writing) if is_change else None, person)

    def _noted(self) -> AbstractContextManager[None]:
        """What is done to the text meanwhile survives the death of the process."""
        head = self._keeper.head
        return noted(head.id, head.epoch, head.seq, Phase.READ)

    def _batch(self, turn: Turn) -> Batch:
        head = self._keeper.head
        return Batch(
            document_id=head.id,
            epoch=head.epoch,
            seq=head.seq,
            access_version=head.access_version,
            rows=[LogRow(c.update, c.actor, c.clients) for c in turn.contributions],
            new_clients=turn.claims,
        )


def _judging(judge: Callable[[Sequence[Writing]], Turn], writings: Sequence[Writing]) -> Judging:
    return lambda: judge(writings)


def _stale() -> FrameRefused:
    return FrameRefused(RefusalReason.STALE_DOCUMENT, "made for another moment")

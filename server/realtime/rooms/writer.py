"""Takes a room's turns to the log: judge, apply, commit, tell; and begins again where needed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from uuid import UUID

import structlog

from collab.sync.failures import DocumentBroken, is_poison
from collab.sync.messages import Changes, Refused, Update
from collab.sync.refusals import CATCH_UP_REASONS, FrameRefused, RefusalReason
from collab.sync.rooms import verdicts
from collab.sync.rooms.effects import Send
from collab.sync.rooms.room import Room
from collab.sync.rooms.session import SessionId
from collab.sync.rooms.turns import ServerChange, ServerUpdate, Turn, Writing, update_of
from server.realtime.crash.record import Phase, noted
from server.realtime.late.shelves import Shelves
from server.realtime.rooms.audience import Audience
from server.realtime.rooms.keeping import Keeper
from server.realtime.rooms.ledger import Ledger
from storage.documents import Batch, Committed, LogRow, UnreadableLog

ATTEMPTS_MAX = 5

DOUBTFUL = CATCH_UP_REASONS | {RefusalReason.READ_ONLY, RefusalReason.MUTED}
"""Who may not write may well hold what others have written elsewhere, and send it back."""

Refusals = Sequence[tuple[ServerUpdate, FrameRefused]]

log = structlog.get_logger()


class Writer:
    """Writes the turns of one room."""

    def __init__(self, room: Room, keeper: Keeper, audience: Audience, ledger: Ledger) -> None:
        self._room = room
        self._keeper = keeper
        self._audience = audience
        self._ledger = ledger
        self._late = Shelves(room, keeper, audience, ledger)

    @property
    def _document_id(self) -> UUID:
        return self._keeper.head.id

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
        for _ in range(ATTEMPTS_MAX):
            head = self._keeper.head
            # Who asks may know more than this process has read.
            if made_for != (head.epoch, head.access_version) and not await self._has_caught_up(
                made_for
            ):
                raise FrameRefused(RefusalReason.STALE_DOCUMENT, "made for another moment")
            with self._noted():
                update = change.make(self._room.document)
            if update is None and await self.follow():
                continue
            if update is None:
                return None
            refused = await self._write_once(ServerUpdate(update, change.actor))
            if refused:
                raise refused[0][1]
            if refused is not None:
                return self._keeper.head.seq
        raise RuntimeError(f"document {self._document_id} moved {ATTEMPTS_MAX} times in one turn")

    async def _has_caught_up(self, moment: tuple[int, int]) -> bool:
        """Read the log and the rights anew; whether this is the moment now."""
        await self._catch_up()
        return moment == (self._keeper.head.epoch, self._keeper.head.access_version)

    async def _write_once(self, writing: ServerUpdate) -> Refusals | None:
        """Write this for the text as it is; ``None`` if the log has moved, which is read then."""
        try:
            with self._noted():
                turn = self._room.write([writing])
        except DocumentBroken:
            log.error("update broke the document", document=str(self._document_id))
            await self._catch_up()
            return [(writing, FrameRefused(RefusalReason.MALFORMED, "it broke the document"))]
        if turn.refused or await self._commit(turn):
            return turn.refused
        await self._catch_up()
        return None

    async def follow(self) -> bool:
        """Read on if another process has written meanwhile; ``True`` if it had."""
        known, head = self._keeper.head, await self._ledger.head()
        if head is not None and (head.epoch, head.seq) == (known.epoch, known.seq):
            return False
        await self._catch_up()
        return True

    async def make_up(self, session: SessionId) -> None:
        """Send a client that was behind everything it has missed, in one update.

        If the log was cut meanwhile, that client alone comes again and gets the whole text.
        """
        client = self._audience.clients.get(session)
        if client is None or client.behind_seq is None:
            return
        try:
            missed = await self._ledger.since(self._keeper.head.epoch, client.behind_seq)
        except UnreadableLog as error:
            log.warning("client too far behind", document=str(self._document_id), cause=str(error))
            self._audience.end(session, "try-again")
            return
        client.behind_seq = None
        if missed:
            with self._noted():
                merged = self._room.document.merge([entry.update for entry in missed])
            client.send(Update(merged))

    async def regrant(self) -> None:
        """Read everybody's rights again; those who lost them learn it now.

        A document that was rewritten meanwhile is loaded anew, and everybody comes back to it.
        """
        sessions = list(self._room.sessions)
        people = {session.participant.person_id for session in sessions}
        standing = await self._ledger.standing(people)
        if standing.epoch != self._keeper.head.epoch:
            await self._catch_up()
            return
        if standing.sections is not None:
            self._keeper.show(standing.sections)
        self._keeper.head = replace(self._keeper.head, access_version=standing.access_version)
        for session in sessions:
            grant = standing.grants[session.participant.person_id]
            self._audience.perform(self._room.change_grant(session.id, grant))

    async def take_up_late(self) -> None:
        """Bring in what came late, if its authors may write again by now."""
        waiting: set[UUID] = set()
        for row, update in await self._late.fitting():
            if row.actor_id in waiting:  # it may follow on one that does not fit yet
                continue
            refused = await self.write([update])
            if not await self._late.settle(row, refused[0][1] if refused else None):
                waiting.add(row.actor_id)

    async def _write_together(self, writings: Sequence[Writing]) -> Refusals:
        """Judge, apply and commit a turn; start it again where the log has moved meanwhile."""
        refused: list[tuple[ServerUpdate, FrameRefused]] = []
        for _ in range(ATTEMPTS_MAX):
            if outdated := self._outdated(writings):
                writings = [each for each in writings if each not in outdated]
                stale = FrameRefused(RefusalReason.STALE_DOCUMENT, "made for another moment")
                refused += [(each, stale) for each in outdated]
            with self._noted():
                turn = self._room.write(writings)
            # Who comes from a process that is ahead knows what this one has yet to read.
            if _is_doubtful(turn) and await self.follow():
                continue
            if await self._commit(turn):
                refused += turn.refused
                writings = await self._late.keep(turn.late)
                if not writings:
                    return refused
            await self._catch_up()
        raise RuntimeError(f"document {self._document_id} moved {ATTEMPTS_MAX} times in one turn")

    async def _commit(self, turn: Turn) -> bool:
        """Make the turn durable and tell everybody; ``False`` if the log has moved meanwhile."""
        if not turn.contributions:
            self._audience.perform(self._room.committed(turn))
            return True
        outcome = await self._ledger.commit(self._batch(turn))
        if not isinstance(outcome, Committed):
            return False
        before = self._keeper.committed(outcome.seq)
        self._audience.perform(self._room.committed(turn), before)
        return True

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
            await self._catch_up()
            try:
                refused += await self._write_together([writing])
            except DocumentBroken as broken:
                log.error("update broke the document", document=str(self._document_id))
                is_barred = is_poison(broken) and await self._accuse(writing)
                await self._catch_up()
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
            document_id=self._document_id,
            epoch=head.epoch,
            seq=head.seq,
            access_version=head.access_version,
            rows=[LogRow(c.update, c.actor, c.clients) for c in turn.contributions],
            new_clients=turn.claims,
        )

    async def _catch_up(self) -> None:
        """Discard what is in memory, read the log to its head, tell everybody what is new."""
        known = self._keeper.head
        loaded, missed = await self._ledger.reload(known)
        self._keeper.head = loaded.head
        self._room.replace_document(loaded.document, loaded.owners)
        self._late.clear()
        if loaded.head.epoch != known.epoch:
            self._audience.end_all("stale-document")
        elif missed:
            with self._noted():
                effects = self._room.catch_up([entry.update for entry in missed])
            self._audience.perform(effects, known.seq)
        await self.regrant()


def _is_doubtful(turn: Turn) -> bool:
    """Something was refused that may fit once the log is read to its head."""
    refused = {refusal.reason for _, refusal in turn.refused}
    refused |= {
        effect.message.reason
        for effect in turn.effects
        if isinstance(effect, Send) and isinstance(effect.message, Refused)
    }
    return bool(turn.late) or not DOUBTFUL.isdisjoint(refused)

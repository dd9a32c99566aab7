"""Keeps one room at the head of the log, whoever writes to it (ADR 0024).

What the room has is a moment of the log, as long as no turn is under way; then the rows behind it
are enough. The document is loaded anew only after a turn that was in vain, where rows were cut,
and when it was rewritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from uuid import UUID

import structlog

from collab.sync.failures import DocumentBroken
from collab.sync.messages import Update
from collab.sync.rooms.room import Room
from collab.sync.rooms.session import SessionId
from server.monitoring.metrics.rooms import catch_ups_total
from server.realtime.crash.record import Phase, noted
from server.realtime.late.shelves import Shelves
from server.realtime.rooms.audience import Audience
from server.realtime.rooms.elsewhere.company import Company, Counts
from server.realtime.rooms.elsewhere.written import Written
from server.realtime.rooms.items import Follow, Item
from server.realtime.rooms.keeping import Keeper
from server.realtime.rooms.ledger import Ledger
from storage.documents import UnreadableLog
from storage.log.missed import Missed

log = structlog.get_logger()


class Follower:
    """Reads on for one room, and tells its people what is new."""

    def __init__(
        self, room: Room, keeper: Keeper, audience: Audience, ledger: Ledger, counts: Counts
    ) -> None:
        self.late = Shelves(room, keeper, audience, ledger)
        self.company = Company()
        self.counts = counts
        self._room = room
        self._keeper = keeper
        self._audience = audience
        self._ledger = ledger

    async def hear(self, items: Sequence[Item]) -> None:
        """Take what other processes tell, and read the log where that does not fit."""
        told = [item for item in items if isinstance(item, Written)]
        told.sort(key=lambda written: (written.epoch, written.before))
        fits = [self._take(written) for written in told]
        if not all(fits) or any(isinstance(item, Follow) for item in items):
            await self.follow()

    async def follow(self) -> bool:
        """Read on if another process has written meanwhile; ``True`` if it had.

        The room holds what is durable: no turn is under way.
        """
        known = self._keeper.head
        try:
            missed = await self._ledger.missed(known)
            if missed is None or self._room.document.is_broken:
                await self.reload()
                return True
        except UnreadableLog as error:
            log.warning("cannot read on", document=str(known.id), cause=str(error))
            await self.reload()
            return True
        if missed.updates and not self.take(missed):
            await self.reload()
            return True
        if missed.head.access_version != known.access_version:
            await self.regrant()
        return missed.head.seq != known.seq

    async def is_behind(self) -> bool:
        """Whether another process has written or rights have changed, as far as the log tells."""
        known, head = self._keeper.head, await self._ledger.head()
        return head is None or (head.epoch, head.seq) != (known.epoch, known.seq)

    def take(self, missed: Missed) -> bool:
        """Bring in what was read from the log; ``False`` if the document must be loaded anew."""
        if not missed.updates:
            self.company.unheard()
            return not self._room.document.is_broken
        self.counts.read_on += 1
        catch_ups_total.labels("log").inc()
        return self._apply(missed.head.seq, missed.updates, missed.owners)

    async def reload(self) -> None:
        """Discard what is in memory, read the log to its head, tell everybody what is new."""
        known = self._keeper.head
        self.counts.reloaded += 1
        loaded, missed = await self._ledger.reload(known)
        self._keeper.follow(loaded.head)
        self._room.replace_document(loaded.document, loaded.owners)
        self.late.clear()
        if loaded.head.epoch != known.epoch:
            self._audience.end_all("stale-document")
        elif missed:
            self.company.heard()
            with self._noted():
                effects = self._room.catch_up([entry.update for entry in missed])
            self._audience.perform(effects, known.seq)
        await self.regrant()

    async def regrant(self) -> None:
        """Read everybody's rights again; those who lost them learn it now.

        A document that was rewritten meanwhile is loaded anew, and everybody comes back to it.
        """
        sessions = list(self._room.sessions)
        people = {session.participant.person_id for session in sessions}
        standing = await self._ledger.standing(people)
        if standing.epoch != self._keeper.head.epoch:
            await self.reload()
            return
        if standing.sections is not None:
            self._keeper.show(standing.sections)
        self._keeper.head = replace(self._keeper.head, access_version=standing.access_version)
        self._room.document.barred = standing.barred
        for session in sessions:
            grant = standing.grants[session.participant.person_id]
            self._audience.perform(self._room.change_grant(session.id, grant))

    async def make_up(self, session: SessionId) -> None:
        """Send a client that was behind everything it has missed, in one update.

        If the log was cut meanwhile, that client alone comes again and gets the whole text.
        """
        client = self._audience.clients.get(session)
        if client is None or client.behind_seq is None:
            return
        head = self._keeper.head
        try:
            missed = await self._ledger.since(head.epoch, client.behind_seq)
        except UnreadableLog as error:
            log.warning("client too far behind", document=str(head.id), cause=str(error))
            self._audience.end(session, "try-again")
            return
        client.behind_seq = None
        if missed:
            with self._noted():
                merged = self._room.document.merge([entry.update for entry in missed])
            client.send(Update(merged))

    def _take(self, written: Written) -> bool:
        """Take one turn as it was told; ``False`` if the log has to be read instead."""
        head = self._keeper.head
        if not written.is_sound(head.id):
            self.counts.unsound += 1
            catch_ups_total.labels("unsound").inc()
            log.warning("not what was sent", document=str(head.id), seq=written.seq)
            return False
        self.company.heard()
        if (written.epoch, written.seq) <= (head.epoch, head.seq):
            return True
        place = (head.epoch, head.seq, head.access_version)
        if (written.epoch, written.before, written.access_version) != place:
            return False
        self.counts.taken += 1
        catch_ups_total.labels("told").inc()
        return self._apply(written.seq, written.updates, written.claims)

    def _apply(self, seq: int, updates: Sequence[bytes], owners: Mapping[int, UUID | None]) -> bool:
        """Bring committed rows into the room and tell everybody who reads there.

        ``False`` if they do not fit: the document is of no use then and must be loaded anew.
        """
        head = self._keeper.head
        self.company.heard()
        try:
            with noted(head.id, head.epoch, head.seq, Phase.LOAD):
                self._room.take_in(updates, owners)
                effects = self._room.catch_up(updates)
        except DocumentBroken as error:
            log.warning("rows do not fit", document=str(head.id), cause=str(error))
            return False
        self._keeper.follow(head.at(seq))
        self._audience.perform(effects, head.seq)
        return True

    def _noted(self) -> AbstractContextManager[None]:
        """What is done to the text meanwhile survives the death of the process."""
        head = self._keeper.head
        return noted(head.id, head.epoch, head.seq, Phase.READ)

"""Late text in the database: kept in one transaction, and noted once it is part of the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol
from uuid import UUID, uuid4

from collab.process.events.event import Event
from collab.process.events.seam import LateTextApplied, LateTextKept, LateTextSetAside
from collab.process.seam.late import has_room
from collab.sync.rooms.late import Addition
from storage import documents, events, ideas
from storage.database import Database, Transaction
from storage.documents import Head
from storage.process import late
from storage.process.late import LateContribution


class Outcome(Enum):
    """What became of a late update."""

    KEPT = "kept"
    FULL = "full"
    """The person has as much lying here as is kept for one."""
    MOVED = "moved"
    """Epoch, rights or what is kept are not as the room believes: judge again."""
    FOREIGN = "foreign"
    """A client id belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class Late:
    """A late update, and what its room believes."""

    head: Head
    actor: UUID
    addition: Addition
    shelved: int
    """How many updates of the person lay on the shelf before this one."""


class LateStore(Protocol):
    """The durable side of late text, as a room sees it."""

    async def waiting(self, actor: UUID | None = None) -> Sequence[LateContribution]:
        """What waits for the next version, of one person or of all, in its order."""

    async def has_room(self, actor: UUID, size: int) -> bool:
        """Whether so many bytes more would be kept for the person."""

    async def keep(self, given: Late) -> Outcome:
        """Keep a late update; durable when this returns ``KEPT``."""

    async def applied(self, contribution_id: UUID, seq: int) -> None:
        """It is part of the text from ``seq`` on."""

    async def set_aside(self, contribution_id: UUID, reason: str) -> None:
        """It does not fit the text any more."""


@dataclass(frozen=True, slots=True)
class SqlLateStore:
    """The late text of one document in the database."""

    document_id: UUID
    database: Database
    clock: Callable[[], datetime]

    async def waiting(self, actor: UUID | None = None) -> Sequence[LateContribution]:
        async with self.database.read() as tx:
            return await late.waiting(tx, self.document_id, actor)

    async def has_room(self, actor: UUID, size: int) -> bool:
        async with self.database.read() as tx:
            usage = await late.usage(tx, self.document_id, actor)
        return has_room(usage.count, usage.size, size)

    async def keep(self, given: Late) -> Outcome:
        async with self.database.write() as tx:
            return await _keep(tx, given, self.clock())

    async def applied(self, contribution_id: UUID, seq: int) -> None:
        now = self.clock()
        async with self.database.write() as tx:
            if await late.apply(tx, contribution_id, seq, now):
                await _tell(tx, self.document_id, LateTextApplied(contribution_id), now)

    async def set_aside(self, contribution_id: UUID, reason: str) -> None:
        now = self.clock()
        async with self.database.write() as tx:
            if await late.set_aside(tx, contribution_id, reason, now):
                await _tell(tx, self.document_id, LateTextSetAside(contribution_id), now)


async def _keep(tx: Transaction, given: Late, now: datetime) -> Outcome:
    """Judge by what holds under the head's lock, and write."""
    head, addition = given.head, given.addition
    found = (await documents.lock_heads(tx, [head.id])).get(head.id)
    if found is None or (found.epoch, found.access_version) != (head.epoch, head.access_version):
        return Outcome.MOVED
    usage = await late.usage(tx, head.id, given.actor)
    if usage.waiting.get(head.epoch, 0) != given.shelved:
        return Outcome.MOVED
    if not has_room(usage.count, usage.size, len(addition.update)):
        return Outcome.FULL
    claims = dict.fromkeys(addition.new_clients, given.actor)
    if await documents.claim(tx, head.id, head.epoch, claims):
        return Outcome.FOREIGN
    contribution_id = uuid4()
    is_new = await late.add(
        tx,
        contribution_id=contribution_id,
        document_id=head.id,
        epoch=head.epoch,
        actor_id=given.actor,
        sha256=documents.sha256(addition.update),
        data=addition.update,
        passages=[[each.section, each.before, each.after] for each in addition.passages],
        now=now,
    )
    if is_new:
        await _tell(tx, head.id, LateTextKept(contribution_id), now, given.actor)
    return Outcome.KEPT


async def _tell(
    tx: Transaction, document_id: UUID, fact: Event, now: datetime, actor: UUID | None = None
) -> None:
    """Write the event; the announcer reads it from the log."""
    idea = await ideas.by_document(tx, document_id)
    if idea is not None:
        await events.append(tx, fact, idea_id=idea.id, actor_id=actor, public=fact.public, now=now)

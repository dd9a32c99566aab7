"""Snapshots for documents that open slowly, and cutting what snapshots cover.

Open rooms take their own; here are those that a killed process left, and imported ones. No document
is opened in this process: one that kills must end a child only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from server.realtime.crash.child import Child, Died, Failed, Job, NoTrial, a_child
from server.realtime.holders import Holder, holder, schema_of
from server.services import Clock, Services
from storage import documents
from storage.database import Database, Transaction
from storage.documents import Found, Head
from storage.log import compaction, quarantine

ROWS: Final = 500
"""So many rows behind the newest snapshot make a document worth a new one."""

QUIET: Final = timedelta(minutes=10)
"""So long nobody has written: then no room is about to take it."""

REST: Final = timedelta(days=1)
"""So long a document is left alone that could not be compacted."""

CUT_MAX: Final = 5_000
"""So many rows are cut in one transaction, which writers of the document wait for."""


class NotCompacted(Exception):
    """The document stays as it is; the message says why."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it is stored, read in one moment."""

    holder: Holder
    head: Head
    frame: Job
    problems: tuple[str, ...]
    tail_rows: int


async def due(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """Documents that open slowly and in which nobody writes."""
    return await compaction.uncompacted(tx, now - QUIET, ROWS, limit)


async def compact(services: Services, document_id: UUID) -> None:
    """Take a snapshot of the document's head.

    Raises:
        NotCompacted: it cannot be read, or would read differently from its log.
    """
    database = services.database
    async with database.read() as tx:
        found = await holder(tx, document_id)
    if found is None:
        raise NotCompacted("it belongs to nothing")
    async with a_child() as child:
        try:
            if not await is_compacted(database, child, found, services.clock):
                raise NotCompacted("it cannot be read, or has one already")
        except Died as death:
            async with database.write() as tx:
                head = (await documents.lock_heads(tx, [document_id]))[document_id]
                await quarantine.accuse(tx, head, [], "load", services.clock())
            raise NotCompacted(f"it kills the process that opens it ({death})") from death


async def is_compacted(database: Database, child: Child, found: Holder, clock: Clock) -> bool:
    """Write a snapshot of the head; False if there is one, or the document cannot be read.

    Raises:
        Died: it kills the child.
    """
    async with database.read() as tx:
        document = await stored(tx, found)
    if isinstance(document, str) or document.tail_rows == 0:
        return False
    try:
        read = await child.tries(document.frame)
    except (Failed, NoTrial):
        return False
    if not read.reads_same:
        return False
    head = document.head
    async with database.write() as tx:
        return await documents.save_snapshot(tx, head.id, head.epoch, head.seq, read.state, clock())


async def stored(tx: Transaction, found: Holder) -> Stored | str:
    """The document's rows; or why there are none to be read."""
    read = await documents.load(tx, found.document_id)
    if not isinstance(read, Found):
        return getattr(read, "why", "the document is missing")
    problems = list(read.damage)
    if await quarantine.is_suspect(tx, found.document_id):
        problems.append("a process died over it; it is tried when somebody opens it")
    frame = Job(schema_of(read.head), found.sections, read.updates)
    return Stored(found, read.head, frame, tuple(problems), len(read.updates) - 1)


def cuts_logs(services: Services) -> bool:
    """Whether logs are cut at all."""
    return services.settings.log_days is not None


def log_age(services: Services) -> timedelta:
    """How old rows become."""
    return timedelta(days=services.settings.log_days or 0)


async def cut(services: Services, document_id: UUID) -> None:
    """Cut the oldest rows of the document's log that every snapshot covers.

    Raises:
        NotCompacted: a snapshot is damaged, so all rows stay.
    """
    before = services.clock() - log_age(services)
    async with services.database.write() as tx:
        if not await documents.trim(tx, document_id, before, CUT_MAX):
            raise NotCompacted("no row is covered by sound snapshots")

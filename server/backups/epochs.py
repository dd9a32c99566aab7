"""After a restoration every text begins a new epoch (ADR 0010).

Browsers may hold text that was acknowledged after the backup's moment: it hangs on updates that
the restored log does not have. They hold an address of an epoch that is no more, are turned away,
and offer their people what they have as a copy.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from collab.process.version import TextVersion
from server.realtime.crash.child import Child, Died, Failed, Job, Survived
from server.realtime.holders import Holder, holder, schema_of
from server.realtime.rooms.projector import project
from storage import documents
from storage.database import Transaction
from storage.documents import Found, Head
from storage.log import quarantine
from storage.log.rows import DOCUMENT

BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)


def number_of(now: datetime) -> int:
    """The number of an epoch that begins by a restoration at ``now``.

    Epochs that were begun after the backup are not known here, and the same archive may be
    restored twice: so the number is one that no browser can have, the seconds since a beginning.
    It fits into 31 bits until 2094.
    """
    return int((now - BEGINNING).total_seconds())


async def all_documents(tx: Transaction) -> Sequence[UUID]:
    """Every document there is."""
    return (await tx.run(select(DOCUMENT.c.id).order_by(DOCUMENT.c.id))).scalars().all()


async def begin_all(
    tx: Transaction,
    child: Child,
    document_ids: Sequence[UUID],
    now: datetime,
    progress: Callable[[int], None],
) -> dict[str, str]:
    """Begin a new epoch of each; those that cannot be read stay, by name, with the reason.

    Raises:
        NoTrial: nothing can be read here; it is not the texts that are ill.
    """
    left: dict[str, str] = {}
    for document_id in document_ids:
        held_by = await holder(tx, document_id)
        if held_by is not None:
            why = await _begin(tx, child, document_id, held_by, now)
            if why is not None:
                left[held_by.name] = why
        progress(1)
    return left


async def _begin(
    tx: Transaction, child: Child, document_id: UUID, held_by: Holder, now: datetime
) -> str | None:
    """Begin a new epoch of one document; or why that could not be."""
    found = await documents.load(tx, document_id)
    if not isinstance(found, Found):
        return getattr(found, "why", "it is missing")
    head = found.head
    try:
        read = await child.tries(Job(schema_of(head), held_by.sections, found.updates))
    except Died as death:
        # It is tried apart before anybody opens it, and mended then.
        await quarantine.accuse(tx, head, [], "load", now)
        return f"it kills the process that opens it ({death})"
    except Failed as failure:
        return str(failure)
    if not read.reads_same:
        return "its state gives another text than its log"
    await _rewrite(tx, head, read, held_by, now)
    return None


async def _rewrite(
    tx: Transaction, head: Head, read: Survived, held_by: Holder, now: datetime
) -> None:
    begun = await documents.begin_epoch(tx, head, read.state, now, epoch=number_of(now))
    if held_by.listed is not None:
        version = TextVersion(begun.epoch, begun.seq, read.sha256)
        await project(tx, held_by.listed.id, read.text, version, now)

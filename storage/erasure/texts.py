"""Rewriting a document under a new epoch, and the versions of it that acts are bound to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.documents import Head, LogRow, append, claim
from storage.log.rows import CLIENT, DOCUMENT, LOG, SNAPSHOT
from storage.tables.texts import TextVersion as PinnedText

CASE_NOTE = METADATA.tables["case_note"]
COMMENT = METADATA.tables["comment"]
IDEA = METADATA.tables["idea"]
LATE = METADATA.tables["late_contribution"]
QUARANTINE = METADATA.tables["quarantine"]
REQUIREMENT = METADATA.tables["requirement"]
SUGGESTION = METADATA.tables["suggestion"]
TEXT_VERSION = METADATA.tables["text_version"]

ANCHORS: Final = (
    (COMMENT, "anchor"),
    (REQUIREMENT, "anchor"),
    (REQUIREMENT, "met_anchor"),
    (SUGGESTION, "passage"),
)
"""Where words of the text are repeated, to be found again."""


async def rewrite(
    tx: Transaction,
    head: Head,
    state: bytes,
    owners: Mapping[int, UUID | None],
    now: datetime,
) -> Head:
    """Begin a new epoch whose whole log is ``state``; everything of older epochs is gone.

    The caller holds the head's lock, and writes the projection of the new epoch in the same
    transaction. ``owners`` are the client ids that ``state`` names.
    """
    for table in (LOG, SNAPSHOT, CLIENT):
        await tx.run(delete(table).where(table.c.document_id == head.id))
    moved = {"epoch": head.epoch + 1, "seq": 0, "access_version": head.access_version + 1}
    await tx.run(update(DOCUMENT).where(DOCUMENT.c.id == head.id).values(moved))
    begun = Head(head.id, head.kind, head.schema, **moved)
    await claim(tx, head.id, begun.epoch, owners)
    seq = await append(tx, begun, [LogRow(state, None)], now)
    return Head(head.id, head.kind, head.schema, begun.epoch, seq, begun.access_version)


async def pinned(tx: Transaction, document_id: UUID) -> list[PinnedText]:
    """All versions of the document that acts are bound to, whole."""
    query = select_rows(PinnedText).where(PinnedText.document_id == document_id)
    return await tx.rows(query.order_by(col(PinnedText.epoch), col(PinnedText.seq)))


async def redact(
    tx: Transaction,
    version: PinnedText,
    *,
    sections: Mapping[str, Any],
    state: bytes,
    now: datetime,
) -> None:
    """Put another text into a kept version; its hash stays that of what was decided on."""
    pins = TEXT_VERSION.c
    await tx.run(
        update(TEXT_VERSION)
        .where(
            pins.document_id == version.document_id,
            pins.epoch == version.epoch,
            pins.seq == version.seq,
        )
        .values(sections=dict(sections), state=state, redacted_at=now)
    )


async def rewrite_anchors(
    tx: Transaction, idea_id: UUID, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Give each anchor of what is said at the idea what ``change`` makes of it."""
    for table, name in ANCHORS:
        column = table.c[name]
        query = select(table.c.id, column).where(table.c.idea_id == idea_id, column.is_not(None))
        for row_id, anchor in (await tx.run(query)).all():
            made = change(anchor)
            if made != anchor:
                await tx.run(update(table).where(table.c.id == row_id).values({name: made}))


async def documents_of(tx: Transaction, person_id: UUID) -> Collection[UUID]:
    """The documents that the person has written in, or begun; texts of ideas before notes."""
    wrote = select(CLIENT.c.document_id).where(CLIENT.c.actor_id == person_id)
    apart = select(QUARANTINE.c.document_id).where(
        QUARANTINE.c.actor_id == person_id, QUARANTINE.c.update.is_not(None)
    )
    late = select(LATE.c.document_id).where(LATE.c.actor_id == person_id)
    deleted = select(LOG.c.document_id).where(LOG.c.actor_id == person_id)
    begun = select(IDEA.c.document_id).where(
        IDEA.c.created_by == person_id, IDEA.c.source.is_(None)
    )
    query = select(IDEA.c.document_id).where(
        or_(
            IDEA.c.document_id.in_(wrote),
            IDEA.c.document_id.in_(deleted),
            IDEA.c.document_id.in_(apart),
            IDEA.c.document_id.in_(late),
            IDEA.c.document_id.in_(begun),
        )
    )
    noted = CASE_NOTE.c.document_id
    notes = select(noted).where(or_(noted.in_(wrote), noted.in_(deleted), noted.in_(apart)))
    found = (query.order_by(IDEA.c.number), notes.order_by(noted))
    return [document for each in found for document in (await tx.run(each)).scalars()]


async def log_of(tx: Transaction, document_id: UUID, person_id: UUID) -> Sequence[bytes]:
    """What the person wrote into the log of the document, as it was written."""
    query = select(LOG.c.update).where(
        LOG.c.document_id == document_id, LOG.c.actor_id == person_id
    )
    return list((await tx.run(query.order_by(LOG.c.epoch, LOG.c.seq))).scalars())

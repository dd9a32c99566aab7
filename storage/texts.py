"""Texts beside the live documents: the projection that lists and search read, pinned versions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.search.stems import stems
from storage.search.titles import title_trigrams
from storage.tables.texts import IdeaText
from storage.tables.texts import TextVersion as PinnedText

__all__ = [
    "IdeaText",
    "PinnedText",
    "get",
    "of_ideas",
    "pin",
    "pinned",
    "project",
    "shown_at",
    "versions",
]

IDEA = METADATA.tables["idea"]
IDEA_TEXT = METADATA.tables["idea_text"]
TEXT_VERSION = METADATA.tables["text_version"]

TITLE_CHARS_MAX = 500


async def project(
    tx: Transaction,
    idea_id: UUID,
    version: TextVersion,
    *,
    title: str,
    plain: str,
    sections: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Make this committed text the one that lists and search show; True if it differs.

    A version older than the one shown changes nothing, so late writers do no harm. Titles are cut
    at ``TITLE_CHARS_MAX``; ``sections`` stay whole. New words count as activity of the idea.
    """
    shown = IDEA_TEXT.c
    query = select(shown.epoch, shown.seq, shown.sha256).where(shown.idea_id == idea_id)
    # Two projections at once: the second waits here and then sees the first's version.
    found = (await tx.run(query.with_for_update())).first()
    if found is not None and (found[0], found[1]) >= (version.epoch, version.seq):
        return False
    place = {"epoch": version.epoch, "seq": version.seq}
    if found is not None and found[2] == version.sha256:
        await tx.run(update(IDEA_TEXT).where(shown.idea_id == idea_id).values(place))
        return False
    title = shown_title(title)
    text = {
        **place,
        "sha256": version.sha256,
        "title": title,
        "plain": storable(plain),
        "sections": dict(sections),
        "stems": stems(f"{title} {plain}"),
        "title_trigrams": title_trigrams(title),
    }
    await _upsert(tx, idea_id, text)
    active = {} if found is None else {"active_at": now}
    await tx.run(update(IDEA).where(IDEA.c.id == idea_id).values(title=title, **active))
    return True


@once
async def get(tx: Transaction, idea_id: UUID) -> IdeaText | None:
    """The projection of the idea; None before its first one."""
    return await tx.row(select_rows(IdeaText).where(IdeaText.idea_id == idea_id))


async def shown_at(tx: Transaction, idea_id: UUID) -> tuple[int, int] | None:
    """Epoch and seq of what is shown of the idea; None before its first projection."""
    query = select(IDEA_TEXT.c.epoch, IDEA_TEXT.c.seq).where(IDEA_TEXT.c.idea_id == idea_id)
    found = (await tx.run(query)).first()
    return None if found is None else (found[0], found[1])


async def of_ideas(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, IdeaText]:
    """The projections of many ideas; those without are left out."""
    rows = await tx.rows(select_rows(IdeaText).where(col(IdeaText.idea_id).in_(list(idea_ids))))
    return {row.idea_id: row for row in rows}


async def pin(
    tx: Transaction,
    document_id: UUID,
    version: TextVersion,
    *,
    sections: Mapping[str, Any],
    state: bytes,
    now: datetime,
) -> None:
    """Keep this version for ever, text and CRDT state; pinning it again changes nothing."""
    values = {
        "document_id": document_id,
        "epoch": version.epoch,
        "seq": version.seq,
        "sha256": version.sha256,
        "sections": dict(sections),
        "state": state,
        "at": now,
    }
    if await pinned(tx, document_id, version.epoch, version.seq) is None:
        await tx.insert_new(TEXT_VERSION, values)


async def pinned(tx: Transaction, document_id: UUID, epoch: int, seq: int) -> PinnedText | None:
    """The pinned version, if it was pinned."""
    return await tx.row(
        select_rows(PinnedText).where(
            PinnedText.document_id == document_id,
            PinnedText.epoch == epoch,
            PinnedText.seq == seq,
        )
    )


async def pinned_as(
    tx: Transaction, document_ids: Iterable[UUID], sha256: str
) -> PinnedText | None:
    """A pinned version of one of these documents with that hash, the newest."""
    query = select_rows(PinnedText).where(
        col(PinnedText.document_id).in_(list(document_ids)), PinnedText.sha256 == sha256
    )
    newest = (col(PinnedText.epoch).desc(), col(PinnedText.seq).desc())
    return await tx.row(query.order_by(*newest).limit(1))


@only_where_named("text_version.document_id", nothing=list)
async def versions(tx: Transaction, document_id: UUID) -> list[tuple[TextVersion, datetime]]:
    """Which versions are pinned and since when, oldest first."""
    pins = TEXT_VERSION.c
    query = select(pins.epoch, pins.seq, pins.sha256, pins.at).where(
        pins.document_id == document_id
    )
    rows = await tx.run(query.order_by(pins.epoch, pins.seq))
    return [(TextVersion(row[0], row[1], row[2]), row[3]) for row in rows]


async def _upsert(tx: Transaction, idea_id: UUID, text: dict[str, Any]) -> None:
    number = select(IDEA.c.number).where(IDEA.c.id == idea_id).scalar_subquery()
    statement = tx.insert(IDEA_TEXT).values(idea_id=idea_id, number=number, **text)
    newer = tuple_(IDEA_TEXT.c.epoch, IDEA_TEXT.c.seq) < tuple_(
        statement.excluded.epoch, statement.excluded.seq
    )
    await tx.run(
        statement.on_conflict_do_update(index_elements=["idea_id"], set_=text, where=newer)
    )


def shown_title(title: str) -> str:
    """The title as lists show it."""
    return storable(title)[:TITLE_CHARS_MAX]


def storable(text: str) -> str:
    """PostgreSQL keeps every character but U+0000."""
    return text.replace("\x00", "\ufffd")

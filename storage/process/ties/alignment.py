"""Statements of what ideas pay into, their revisions, and their reviews."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.sql.selectable import Select
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.process.ties.alignment import Alignment, AlignmentReview

__all__ = [
    "Alignment",
    "AlignmentReview",
    "answer",
    "append",
    "current",
    "entries_of",
    "get_review",
    "ideas_paying_into",
    "latest",
    "review",
    "reviews",
    "revisions",
    "used_by",
]

ALIGNMENT = METADATA.tables["alignment"]
ALIGNMENT_REVIEW = METADATA.tables["alignment_review"]
NEWER = ALIGNMENT.alias("newer")


async def append(tx: Transaction, **values: Any) -> Alignment:
    """Write a revision; one that is there already raises IntegrityError."""
    row = Alignment(**values)
    tx.add(row)
    await tx.flush()
    return row


async def latest(
    tx: Transaction, idea_id: UUID, catalogue_id: str, entry_id: str
) -> Alignment | None:
    """The newest revision, be it one that takes the statement back."""
    query = select_rows(Alignment).where(
        Alignment.idea_id == idea_id,
        Alignment.catalogue_id == catalogue_id,
        Alignment.entry_id == entry_id,
    )
    return await tx.row(query.order_by(col(Alignment.revision).desc()).limit(1))


@only_where_named("alignment.idea_id", nothing=list)
@once
async def current(tx: Transaction, idea_id: UUID) -> list[Alignment]:
    """The statements of the idea as they are now, by catalogue and entry."""
    query = select_rows(Alignment).where(Alignment.idea_id == idea_id, *_counts())
    return await tx.rows(query.order_by(col(Alignment.catalogue_id), col(Alignment.entry_id)))


@once
async def revisions(tx: Transaction, idea_id: UUID) -> list[Alignment]:
    """Every revision of every statement of the idea, oldest first."""
    query = select_rows(Alignment).where(Alignment.idea_id == idea_id)
    return await tx.rows(query.order_by(col(Alignment.revision), col(Alignment.entry_id)))


def ideas_paying_into(catalogue_id: str, entry_ids: Collection[str]) -> Select[tuple[UUID]]:
    """The query for the ids of the ideas that have a statement on one of the entries now."""
    return select(ALIGNMENT.c.idea_id).where(
        ALIGNMENT.c.catalogue_id == catalogue_id,
        ALIGNMENT.c.entry_id.in_(sorted(entry_ids)),
        *_counts(),
    )


async def used_by(
    tx: Transaction, catalogue_id: str, entry_ids: Collection[str]
) -> set[tuple[UUID, str]]:
    """(idea, entry) of each statement on one of the entries."""
    query = ideas_paying_into(catalogue_id, entry_ids).add_columns(ALIGNMENT.c.entry_id)
    return {(row[0], row[1]) for row in await tx.run(query)}


async def entries_of(
    tx: Transaction, catalogue_id: str, idea_ids: Collection[UUID]
) -> dict[UUID, list[str]]:
    """The entries that each of the ideas has a statement on now, in their order."""
    query = select(ALIGNMENT.c.idea_id, ALIGNMENT.c.entry_id).where(
        ALIGNMENT.c.catalogue_id == catalogue_id,
        ALIGNMENT.c.idea_id.in_(list(idea_ids)),
        *_counts(),
    )
    found: dict[UUID, list[str]] = {}
    for idea_id, entry_id in await tx.run(query.order_by(ALIGNMENT.c.entry_id)):
        found.setdefault(idea_id, []).append(entry_id)
    return found


@only_where_named("alignment_review.idea_id", nothing=list)
@once
async def reviews(tx: Transaction, idea_id: UUID) -> list[AlignmentReview]:
    """All reviews of the idea's statements, oldest first."""
    query = select_rows(AlignmentReview).where(AlignmentReview.idea_id == idea_id)
    return await tx.rows(query.order_by(col(AlignmentReview.at), col(AlignmentReview.id)))


async def get_review(tx: Transaction, idea_id: UUID, review_id: UUID) -> AlignmentReview | None:
    """The review of that id, if it is one of this idea."""
    return await tx.row(
        select_rows(AlignmentReview).where(
            AlignmentReview.id == review_id, AlignmentReview.idea_id == idea_id
        )
    )


async def review(
    tx: Transaction,
    stated: Alignment,
    person_id: UUID,
    *,
    review_id: UUID,
    verdict: str,
    text: str,
    now: datetime,
) -> AlignmentReview | None:
    """Write the person's review of this revision, in place of an earlier one and its answer.

    None if it is there already, word for word.
    """
    mine = select_rows(AlignmentReview).where(
        AlignmentReview.idea_id == stated.idea_id,
        AlignmentReview.catalogue_id == stated.catalogue_id,
        AlignmentReview.entry_id == stated.entry_id,
        AlignmentReview.revision == stated.revision,
        AlignmentReview.person_id == person_id,
    )
    found = await tx.row(mine)
    if found is not None and (found.verdict, found.text) == (verdict, text):
        return None
    if found is None:
        found = AlignmentReview(
            id=review_id,
            idea_id=stated.idea_id,
            catalogue_id=stated.catalogue_id,
            entry_id=stated.entry_id,
            revision=stated.revision,
            person_id=person_id,
            verdict=verdict,
            text=text,
            at=now,
        )
    found.verdict, found.text, found.at = verdict, text, now
    found.answer = found.answered_by = found.answered_at = None
    tx.add(found)
    await tx.flush()
    return found


async def answer(tx: Transaction, review_id: UUID, *, text: str, by: UUID, now: datetime) -> bool:
    """Write the team's answer; False if there is one already."""
    result = await tx.run(
        update(ALIGNMENT_REVIEW)
        .where(ALIGNMENT_REVIEW.c.id == review_id, ALIGNMENT_REVIEW.c.answer.is_(None))
        .values(answer=text, answered_by=by, answered_at=now)
    )
    return result.rowcount == 1


def _counts() -> tuple[ColumnElement[bool], ...]:
    """A revision that no other follows, and that does not take the statement back."""
    follows = exists().where(
        NEWER.c.idea_id == ALIGNMENT.c.idea_id,
        NEWER.c.catalogue_id == ALIGNMENT.c.catalogue_id,
        NEWER.c.entry_id == ALIGNMENT.c.entry_id,
        NEWER.c.revision > ALIGNMENT.c.revision,
    )
    return ALIGNMENT.c.is_withdrawn.is_(False), ~follows

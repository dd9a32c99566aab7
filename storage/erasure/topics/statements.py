"""Taking a person's words out of statements on goals, their reviews, and answers to these."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Table, case, update

from storage.database import METADATA, Transaction

ALIGNMENT = METADATA.tables["alignment"]
ALIGNMENT_REVIEW = METADATA.tables["alignment_review"]


async def erase_statements(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> None:
    """Put ``mark`` in the place of the person's words, at all ideas or these.

    That something was stated, reviewed or answered stays, so that a gate that was passed was.
    """
    words = (ALIGNMENT.c[name] for name in ("contribution", "effect", "indicator", "conflict"))
    marked = {each.name: case((each == "", ""), else_=mark) for each in words}
    await tx.run(
        update(ALIGNMENT)
        .where(ALIGNMENT.c.by == person_id, *_at(ALIGNMENT, ideas))
        .values(**marked)
    )
    for whose, word in (("person_id", "text"), ("answered_by", "answer")):
        said = (ALIGNMENT_REVIEW.c[whose] == person_id, ALIGNMENT_REVIEW.c[word] != "")
        await tx.run(
            update(ALIGNMENT_REVIEW)
            .where(*said, *_at(ALIGNMENT_REVIEW, ideas))
            .values({word: mark})
        )


def _at(table: Table, ideas: Collection[UUID] | None) -> tuple[Any, ...]:
    return () if ideas is None else (table.c.idea_id.in_(list(ideas)),)

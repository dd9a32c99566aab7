"""What an erasure does with reports, hidings and slow mode."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from storage.database import METADATA, Transaction

REPORT = METADATA.tables["report"]
CASE = METADATA.tables["report_case"]
HIDING = METADATA.tables["hiding"]
SLOW = METADATA.tables["slow_mode"]

WORDS = (
    REPORT.c.words,
    REPORT.c.quote,
    CASE.c.reason,
    HIDING.c.reason,
    HIDING.c.appeal,
    HIDING.c.answer,
    HIDING.c.shown_reason,
    SLOW.c.reason,
)


async def erase_words(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> None:
    """Put ``mark`` where the person reported, appealed or gave reasons, at all ideas or these."""
    at_cases = select(CASE.c.id).where(*_at(CASE.c.idea_id, ideas))
    his = (REPORT.c.reporter_id == person_id, REPORT.c.case_id.in_(at_cases))
    await tx.run(update(REPORT).where(*his).values(words=mark, quote="", email=None))
    # A quote of his words by others, and what was held against him.
    of_him = select(CASE.c.id).where(CASE.c.person_id == person_id, *_at(CASE.c.idea_id, ideas))
    await tx.run(update(REPORT).where(REPORT.c.case_id.in_(of_him)).values(quote=""))
    here = _at(HIDING.c.idea_id, ideas)
    for who, words in (
        (or_(HIDING.c.author_id == person_id, HIDING.c.by == person_id), HIDING.c.reason),
        (HIDING.c.author_id == person_id, HIDING.c.appeal),
        (or_(HIDING.c.author_id == person_id, HIDING.c.answered_by == person_id), HIDING.c.answer),
        (
            or_(HIDING.c.author_id == person_id, HIDING.c.shown_by == person_id),
            HIDING.c.shown_reason,
        ),
    ):
        await tx.run(update(HIDING).where(who, words != "", *here).values({words.name: mark}))
    decided = (CASE.c.decided_by == person_id, *_at(CASE.c.idea_id, ideas))
    await tx.run(update(CASE).where(*decided).values(reason=mark))
    await tx.run(
        update(SLOW).where(SLOW.c.by == person_id, *_at(SLOW.c.idea_id, ideas)).values(reason=mark)
    )


async def forget_address(tx: Transaction, person_id: UUID, email: str | None) -> None:
    """Take the person's address out of every report, with an account or without."""
    his = REPORT.c.reporter_id == person_id
    mine = or_(his, REPORT.c.email == email) if email else his
    await tx.run(update(REPORT).where(mine).values(email=None))


async def rewrite_words(tx: Transaction, change: Callable[[str], str]) -> None:
    """Give all words of reports and decisions the text that ``change`` makes of them."""
    for words in WORDS:
        (key,) = words.table.primary_key.columns
        for row_id, text in (await tx.run(select(key, words).where(words != ""))).all():
            if (made := change(text)) != text:
                await tx.run(update(words.table).where(key == row_id).values({words.name: made}))


def _at(
    column: ColumnElement[UUID], ideas: Collection[UUID] | None
) -> tuple[ColumnElement[bool], ...]:
    return () if ideas is None else (column.in_(list(ideas)),)

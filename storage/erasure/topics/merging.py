"""A person's words about joining ideas: why, and what he answered when he was asked.

That somebody proposed, agreed or refused stays, under his pseudonym.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import or_, select, update

from storage.database import METADATA, Transaction

MERGE = METADATA.tables["idea_merge"]
CONSENT = METADATA.tables["merge_consent"]


async def erase_words(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> None:
    """Put ``mark`` in the place of the person's words, at all ideas or where one of these is."""
    at = select(MERGE.c.id)
    if ideas is not None:
        these = list(ideas)
        at = at.where(or_(MERGE.c.source_id.in_(these), MERGE.c.target_id.in_(these)))
    for whose, words in (
        (MERGE.c.proposed_by, MERGE.c.reason),
        (MERGE.c.ended_by, MERGE.c.ended_reason),
    ):
        said = (whose == person_id, words != "", MERGE.c.id.in_(at))
        await tx.run(update(MERGE).where(*said).values({words.name: mark}))
    answered = (CONSENT.c.person_id == person_id, CONSENT.c.note != "", CONSENT.c.merge_id.in_(at))
    await tx.run(update(CONSENT).where(*answered).values(note=mark))


async def rewrite_words(tx: Transaction, change: Callable[[str], str]) -> None:
    """Give the words of others the text that ``change`` makes of them."""
    keys = (CONSENT.c.merge_id, CONSENT.c.person_id)
    for *key, note in (await tx.run(select(*keys, CONSENT.c.note))).all():
        if (made := change(note)) != note:
            same = (column == value for column, value in zip(keys, key, strict=True))
            await tx.run(update(CONSENT).where(*same).values(note=made))
    query = select(MERGE.c.id, MERGE.c.reason, MERGE.c.ended_reason)
    for merge_id, *said in (await tx.run(query)).all():
        made_of_them = [change(each) for each in said]
        if made_of_them != said:
            values = dict(zip(("reason", "ended_reason"), made_of_them, strict=True))
            await tx.run(update(MERGE).where(MERGE.c.id == merge_id).values(values))

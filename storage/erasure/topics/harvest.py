"""A person's words and name in the harvest of workshops.

Who wrote a point down and who takes it on stays under the pseudonym.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import select, update

from collab.process.workshop.codes import NAME_CHARS_MAX
from storage.database import METADATA, Transaction

POINT = METADATA.tables["harvest_point"]


async def erase_words(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> None:
    """Put ``mark`` in the place of what the person wrote down, everywhere or at these ideas."""
    said = update(POINT).where(POINT.c.created_by == person_id)
    if ideas is not None:
        said = said.where(POINT.c.idea_id.in_(list(ideas)))
    await tx.run(said.values(text=mark))


async def rewrite_names(tx: Transaction, change: Callable[[str], str]) -> None:
    """Put the pseudonym where a point was recorded for the person by his name."""
    query = select(POINT.c.id, POINT.c.recorded_for).where(POINT.c.recorded_for != "")
    for point_id, name in (await tx.run(query)).all():
        made = change(name)[:NAME_CHARS_MAX]
        if made != name:
            await tx.run(update(POINT).where(POINT.c.id == point_id).values(recorded_for=made))

"""A person's words beside catalogues and existing initiatives."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import update

from storage.database import METADATA, Transaction

CATALOGUE_VERSION = METADATA.tables["catalogue_version"]
RELATION = METADATA.tables["initiative_relation"]


async def erase_notes(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> None:
    """Put ``mark`` in the place of the person's notes on initiatives, at all ideas or these."""
    chosen = () if ideas is None else (RELATION.c.idea_id.in_(list(ideas)),)
    own = (RELATION.c.by == person_id, RELATION.c.note != "")
    await tx.run(update(RELATION).where(*own, *chosen).values(note=mark))


async def rewrite_reasons(tx: Transaction, change: Callable[[str], str]) -> None:
    """Give notes on initiatives and reasons of catalogue versions what ``change`` makes of them."""
    for table, column in ((CATALOGUE_VERSION, "reason"), (RELATION, "note")):
        keys = list(table.primary_key.columns)
        for row in (await tx.run(table.select())).mappings().all():
            made = change(row[column])
            if made != row[column]:
                this = [key == row[key.name] for key in keys]
                await tx.run(update(table).where(*this).values({column: made}))

"""A person's words beside catalogues and existing initiatives."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import update

from storage.database import METADATA, Transaction

CATALOGUE_VERSION = METADATA.tables["catalogue_version"]
ORGANISATION = METADATA.tables["organisation"]
RELATION = METADATA.tables["initiative_relation"]
REASONS = ((CATALOGUE_VERSION, "reason"), (ORGANISATION, "end_reason"), (RELATION, "note"))


async def erase_notes(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> None:
    """Put ``mark`` in the place of the person's notes on initiatives, at all ideas or these."""
    chosen = () if ideas is None else (RELATION.c.idea_id.in_(list(ideas)),)
    own = (RELATION.c.by == person_id, RELATION.c.note != "")
    await tx.run(update(RELATION).where(*own, *chosen).values(note=mark))


async def rewrite_reasons(tx: Transaction, change: Callable[[str], str]) -> None:
    """Give notes on initiatives and reasons of the coordination office what ``change`` makes."""
    for table, column in REASONS:
        keys = list(table.primary_key.columns)
        said = table.select().where(table.c[column].is_not(None))
        for row in (await tx.run(said)).mappings().all():
            made = change(row[column])
            if made != row[column]:
                this = [key == row[key.name] for key in keys]
                await tx.run(update(table).where(*this).values({column: made}))

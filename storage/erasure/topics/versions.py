"""A person's words and name in the names of kept versions; the versions stay."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import case, select, update

from collab.process.versions.names import NAME_CHARS_MAX
from storage.database import METADATA, Transaction

NAMED = METADATA.tables["named_version"]


async def erase_names(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> None:
    """Put ``mark`` in the place of the names and notes he gave, at all ideas or these."""
    words = {name: case((NAMED.c[name] == "", ""), else_=mark) for name in ("name", "note")}
    here = () if ideas is None else (NAMED.c.idea_id.in_(list(ideas)),)
    await tx.run(update(NAMED).where(NAMED.c.by == person_id, *here).values(**words))


async def rewrite_names(tx: Transaction, change: Callable[[str], str]) -> None:
    """Give names and notes what ``change`` makes of them; a name keeps to its length."""
    rows = (await tx.run(select(NAMED.c.id, NAMED.c.name, NAMED.c.note))).all()
    for named_id, name, note in rows:
        if (change(name), change(note)) != (name, note):
            values = {"name": change(name)[:NAME_CHARS_MAX], "note": change(note)}
            await tx.run(update(NAMED).where(NAMED.c.id == named_id).values(values))

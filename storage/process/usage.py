"""Which ideas refer to entries of catalogues, asked of every table that does.

A table that refers to entries has the columns ``idea_id``, ``catalogue_id`` and ``entry_id`` and
is named in ``TABLES``; one that keeps them otherwise adds its own function to ``USAGES``.
"""

from collections.abc import Awaitable, Callable, Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from collab.process.districts.districts import CATALOGUE
from storage.database import METADATA, Transaction
from storage.process.ties import alignment, districts

IDEA = METADATA.tables["idea"]


class Use(NamedTuple):
    """An idea and an entry that it refers to."""

    idea_id: UUID
    entry_id: str


Usage = Callable[[Transaction, str, Collection[str]], Awaitable[set[Use]]]
"""(transaction, catalogue id, entry ids) → who uses them."""

TABLES: tuple[str, ...] = ()


async def _aligned(tx: Transaction, catalogue_id: str, entry_ids: Collection[str]) -> set[Use]:
    """Ideas with a statement on an entry as it is now."""
    found = await alignment.used_by(tx, catalogue_id, entry_ids)
    return {Use(*each) for each in found}


async def _placed(tx: Transaction, catalogue_id: str, entry_ids: Collection[str]) -> set[Use]:
    """Ideas that name a district."""
    if catalogue_id != CATALOGUE:
        return set()
    return {Use(*each) for each in await districts.used_by(tx, entry_ids)}


USAGES: tuple[Usage, ...] = (_aligned, _placed)


async def uses(
    tx: Transaction, catalogue_id: str, entry_ids: Collection[str]
) -> dict[str, frozenset[UUID]]:
    """The ideas that refer to each of the entries; unused entries are left out."""
    found: dict[str, set[UUID]] = {}
    if entry_ids:
        for usage in (*map(rows_of, TABLES), *USAGES):
            for use in await usage(tx, catalogue_id, entry_ids):
                found.setdefault(use.entry_id, set()).add(use.idea_id)
    return {entry_id: frozenset(ideas) for entry_id, ideas in found.items()}


async def refs(
    tx: Transaction, catalogue_id: str, entry_ids: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """The references of the ideas that ``uses`` finds, in their order."""
    found = await uses(tx, catalogue_id, entry_ids)
    wanted = list({idea_id for ideas in found.values() for idea_id in ideas})
    rows = await tx.run(select(IDEA.c.id, IDEA.c.ref).where(IDEA.c.id.in_(wanted)))
    named = {row[0]: row[1] for row in rows}
    return {entry: tuple(sorted(named[each] for each in ideas)) for entry, ideas in found.items()}


def rows_of(name: str) -> Usage:
    """Asks the table of that name."""
    table = METADATA.tables[name]

    async def usage(tx: Transaction, catalogue_id: str, entry_ids: Collection[str]) -> set[Use]:
        query = (
            select(table.c.idea_id, table.c.entry_id)
            .where(table.c.catalogue_id == catalogue_id, table.c.entry_id.in_(list(entry_ids)))
            .distinct()
        )
        return {Use(*row) for row in await tx.run(query)}

    return usage

"""Existing initiatives and the relations of ideas to them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.initiatives import initiative as rules
from collab.process.initiatives.ranking import ABSTRACT, ELSEWHERE, NAME, TAG, weights
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.search.stems import stemmed
from storage.tables.process.initiatives import Initiative, InitiativeRelation

__all__ = [
    "Initiative",
    "InitiativeRelation",
    "by_sources",
    "count",
    "count_of_idea",
    "get",
    "named",
    "of_idea",
    "page",
    "put",
    "relate",
    "relating",
    "unrelate",
]

INITIATIVE = METADATA.tables["initiative"]
WORD = METADATA.tables["initiative_word"]
RELATION = METADATA.tables["initiative_relation"]

SOURCES_PER_STATEMENT = 1_000


async def by_sources(tx: Transaction, sources: Sequence[str]) -> dict[str, Initiative]:
    """Those of these that are known already."""
    found: dict[str, Initiative] = {}
    for start in range(0, len(sources), SOURCES_PER_STATEMENT):
        some = list(sources[start : start + SOURCES_PER_STATEMENT])
        rows = await tx.rows(select_rows(Initiative).where(col(Initiative.source).in_(some)))
        found |= {row.source: row for row in rows}
    return found


async def put(tx: Transaction, initiative_id: UUID, found: rules.Initiative, now: datetime) -> None:
    """Write the initiative, in place of what was known of it, and the words it is found by."""
    content: dict[str, Any] = {**asdict(found), "updated_at": now}
    content |= {name: list(content[name]) for name in ("tags", "run_by", "backed_by")}
    statement = tx.insert(INITIATIVE).values(id=initiative_id, **content)
    await tx.run(statement.on_conflict_do_update(index_elements=["id"], set_=content))
    await tx.run(delete(WORD).where(WORD.c.initiative_id == initiative_id))
    rows = [
        {"initiative_id": initiative_id, "stem": stem, "backwards": stem[::-1], "weight": weight}
        for stem, weight in _weights(found).items()
    ]
    if rows:
        await tx.run(insert(WORD), rows)


def is_same(row: Initiative, found: rules.Initiative) -> bool:
    """Whether an import of ``found`` would change nothing."""
    known = rules.Initiative(
        source=row.source,
        name=row.name,
        abstract=row.abstract,
        text=row.text,
        url=row.url,
        repository=row.repository,
        licence=row.licence,
        tags=tuple(row.tags),
        run_by=tuple(row.run_by),
        backed_by=tuple(row.backed_by),
        since=row.since,
    )
    return known == found


async def get(tx: Transaction, initiative_id: UUID) -> Initiative | None:
    return await tx.row(select_rows(Initiative).where(Initiative.id == initiative_id))


async def named(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, Initiative]:
    """These initiatives by id."""
    if not ids:
        return {}
    rows = await tx.rows(select_rows(Initiative).where(col(Initiative.id).in_(list(ids))))
    return {row.id: row for row in rows}


@once
async def count(tx: Transaction) -> int:
    """How many initiatives are known."""
    return int((await tx.run(select(func.count()).select_from(INITIATIVE))).scalar_one())


async def page(tx: Transaction, *, offset: int = 0, limit: int = 50) -> list[Initiative]:
    """Initiatives in the order of names."""
    query = select_rows(Initiative).order_by(Initiative.name, col(Initiative.id))
    return await tx.rows(query.offset(offset).limit(limit))


async def relate(
    tx: Transaction,
    idea_id: UUID,
    initiative_id: UUID,
    *,
    kind: str,
    note: str,
    by: UUID,
    now: datetime,
) -> None:
    """Say what the initiative is to the idea, in place of what was said before."""
    key = {"idea_id": idea_id, "initiative_id": initiative_id}
    content = {"kind": kind, "note": note, "by": by, "at": now}
    statement = tx.insert(RELATION).values(**key, **content)
    await tx.run(statement.on_conflict_do_update(index_elements=list(key), set_=content))


async def unrelate(tx: Transaction, idea_id: UUID, initiative_id: UUID) -> bool:
    """Take the relation back; False if there is none."""
    result = await tx.run(
        delete(RELATION).where(
            RELATION.c.idea_id == idea_id, RELATION.c.initiative_id == initiative_id
        )
    )
    return result.rowcount == 1


@only_where_named("initiative_relation.idea_id", nothing=list)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> list[tuple[InitiativeRelation, Initiative]]:
    """What the idea has to do with initiatives, in the order said."""
    query = (
        select_rows(InitiativeRelation, Initiative)
        .join(Initiative, col(Initiative.id) == InitiativeRelation.initiative_id)
        .where(InitiativeRelation.idea_id == idea_id)
        .order_by(col(InitiativeRelation.at), Initiative.name)
    )
    return [(row[0], row[1]) for row in await tx.exec(query)]


@only_where_named("initiative_relation.idea_id", nothing=int)
async def count_of_idea(tx: Transaction, idea_id: UUID) -> int:
    """How many initiatives the idea is related to."""
    query = select(func.count()).select_from(RELATION).where(RELATION.c.idea_id == idea_id)
    return int((await tx.run(query)).scalar_one())


async def relating(
    tx: Transaction, initiative_id: UUID, limit: int = 100
) -> list[InitiativeRelation]:
    """The newest relations of ideas to the initiative."""
    query = select_rows(InitiativeRelation).where(InitiativeRelation.initiative_id == initiative_id)
    newest = (col(InitiativeRelation.at).desc(), col(InitiativeRelation.idea_id))
    return await tx.rows(query.order_by(*newest).limit(limit))


def _weights(found: rules.Initiative) -> dict[str, int]:
    def stems(*texts: str) -> list[str]:
        return [stem for text in texts for stem in dict.fromkeys(s for _, s in stemmed(text))]

    return weights(
        [
            (NAME, stems(found.name)),
            (ABSTRACT, stems(found.abstract)),
            (TAG, stems(*found.tags)),
            (ELSEWHERE, stems(found.text, *found.run_by, *found.backed_by)),
        ]
    )

"""How many ideas a list holds of each kind in each stage, for the filters beside it."""

from dataclasses import replace

from sqlalchemy import func, select

from storage.database import Transaction
from storage.search.listing import IDEA, IdeaFilter, conditions

Census = dict[tuple[str, str], int]
"""(kind, stage) → ideas; what does not occur is left out."""


async def census(tx: Transaction, wanted: IdeaFilter) -> Census:
    """Count what ``wanted`` would list of every kind and in every stage, one query for all."""
    chosen = await conditions(tx, replace(wanted, kind=None, stage=None))
    query = (
        select(IDEA.c.kind, IDEA.c.stage, func.count())
        .select_from(IDEA)
        .where(*chosen)
        .group_by(IDEA.c.kind, IDEA.c.stage)
    )
    return {(row[0], row[1]): row[2] for row in await tx.run(query)}

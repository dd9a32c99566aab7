"""How the conditions in judgements were settled."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.process.casefile import Condition

__all__ = ["Condition", "of_idea", "settle"]

CONDITION = METADATA.tables["condition"]


async def settle(
    tx: Transaction,
    *,
    idea_id: UUID,
    dimension: str,
    person_id: UUID,
    revision: int,
    state: str,
    because: str,
    by: UUID,
    now: datetime,
) -> None:
    """Settle the condition in that revision of the judgement, in place of an earlier settlement."""
    key = {
        "idea_id": idea_id,
        "dimension": dimension,
        "person_id": person_id,
        "revision": revision,
    }
    content = {"state": state, "because": because, "by": by, "at": now}
    statement = tx.insert(CONDITION).values(**key, **content)
    await tx.run(statement.on_conflict_do_update(index_elements=list(key), set_=content))


@only_where_named("condition.idea_id", nothing=list)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> list[Condition]:
    """All settlements, also those of earlier revisions of a judgement, oldest first."""
    query = select_rows(Condition).where(Condition.idea_id == idea_id)
    return await tx.rows(query.order_by(col(Condition.at), col(Condition.dimension)))

"""Prepared decisions: acts that are written down in lists and not made."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.tables.ideas import Idea
from storage.tables.process.board import PreparedAct

__all__ = ["PreparedAct", "count", "get", "lists", "of_ideas", "of_list", "put", "refuse", "remove"]

ACT = METADATA.tables["prepared_act"]


async def get(tx: Transaction, act_id: UUID) -> PreparedAct | None:
    return await tx.row(select_rows(PreparedAct).where(PreparedAct.id == act_id))


async def of_list(tx: Transaction, list_name: str) -> list[PreparedAct]:
    """The acts of one list as they were prepared; those of one moment by their references."""
    query = select_rows(PreparedAct).join(Idea, col(Idea.id) == PreparedAct.idea_id)
    chosen = query.where(PreparedAct.list_name == list_name)
    return await tx.rows(chosen.order_by(col(PreparedAct.at), col(Idea.number)))


async def of_ideas(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, list[PreparedAct]]:
    """What is prepared for each of these ideas, in any list."""
    rows = select_rows(PreparedAct).where(col(PreparedAct.idea_id).in_(list(idea_ids)))
    found: dict[UUID, list[PreparedAct]] = {}
    for row in await tx.rows(rows.order_by(col(PreparedAct.list_name))):
        found.setdefault(row.idea_id, []).append(row)
    return found


async def lists(tx: Transaction, limit: int) -> dict[str, int]:
    """How many acts each list holds, in the order of names."""
    query = select(ACT.c.list_name, func.count()).group_by(ACT.c.list_name)
    rows = await tx.run(query.order_by(ACT.c.list_name).limit(limit))
    return {row[0]: row[1] for row in rows}


async def count(tx: Transaction, list_name: str) -> int:
    """How many acts a list holds."""
    query = select(func.count()).select_from(ACT).where(ACT.c.list_name == list_name)
    return int((await tx.run(query)).scalar_one())


async def put(
    tx: Transaction,
    *,
    act_id: UUID,
    idea_id: UUID,
    list_name: str,
    to_stage: str,
    reason: str,
    reason_code: str | None,
    revision: int,
    version: TextVersion,
    prepared_by: UUID,
    now: datetime,
) -> None:
    """Write an act into a list; an earlier one for the same idea in the same list gives way.

    The new one has its own id: who has reviewed the earlier one has not seen it.
    """
    values = {
        "id": act_id,
        "to_stage": to_stage,
        "reason": reason,
        "reason_code": reason_code,
        "revision": revision,
        "epoch": version.epoch,
        "seq": version.seq,
        "sha256": version.sha256,
        "prepared_by": prepared_by,
        "at": now,
        "refused_at": None,
        "refusal": None,
    }
    statement = tx.insert(ACT).values(idea_id=idea_id, list_name=list_name, **values)
    await tx.run(
        statement.on_conflict_do_update(index_elements=["list_name", "idea_id"], set_=values)
    )


async def refuse(tx: Transaction, act_id: UUID, refusal: Mapping[str, Any], now: datetime) -> None:
    """Keep why the act was not executed."""
    await tx.run(
        update(ACT).where(ACT.c.id == act_id).values(refused_at=now, refusal=dict(refusal))
    )


async def remove(tx: Transaction, act_id: UUID) -> bool:
    """Take the act out of its list; False if it is not there any more."""
    return (await tx.run(delete(ACT).where(ACT.c.id == act_id))).rowcount == 1

"""Links of the source: the target gets them as well, as far as it has them in neither direction.

A replica has one origin, so what an idea was taken over from, or by whom, stays with it.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select

from collab.process.linking.links import BY_HAND
from storage.database import METADATA, Transaction
from storage.merging.parts import Joined, Kind, Part

LINK = METADATA.tables["idea_link"]


async def add_links(
    tx: Transaction, joined: Joined, only: Collection[str] | None = None
) -> list[Part]:
    """Link the target to what the source is linked to."""
    there = {(other, kind) for _, other, kind, _ in await _links(tx, joined.target_id)}
    rows, found = [], []
    for is_from, other, kind, by in await _links(tx, joined.source_id):
        key = f"{'out' if is_from else 'in'}:{other}:{kind}"
        is_new = (other, kind) not in there and other != joined.target_id
        if kind not in BY_HAND or not is_new or (only is not None and key not in only):
            continue
        there.add((other, kind))
        found.append(Part(Kind.LINK, key, by))
        ends = (joined.target_id, other) if is_from else (other, joined.target_id)
        rows.append(
            {"from_id": ends[0], "to_id": ends[1], "kind": kind, "by": by, "at": joined.merged_at}
        )
    if rows:
        await tx.run(insert(LINK), rows)
    return found


async def remove_link(tx: Transaction, joined: Joined, part: Part) -> bool:
    """Take an added link away; False if somebody did before, or made it anew."""
    way, other, kind = part.key.split(":")
    ends = (joined.target_id, UUID(other))
    if way == "in":
        ends = (ends[1], ends[0])
    same: list[ColumnElement[bool]] = [
        LINK.c.from_id == ends[0],
        LINK.c.to_id == ends[1],
        LINK.c.kind == kind,
        LINK.c.at == joined.merged_at,
    ]
    return (await tx.run(delete(LINK).where(and_(*same)))).rowcount == 1


async def _links(tx: Transaction, idea_id: UUID) -> list[tuple[bool, UUID, str, Any]]:
    """Whether it goes out from the idea, the other end, its kind and who made it; oldest first."""
    query = select(LINK.c.from_id, LINK.c.to_id, LINK.c.kind, LINK.c.by).where(
        or_(LINK.c.from_id == idea_id, LINK.c.to_id == idea_id)
    )
    rows = (await tx.run(query.order_by(LINK.c.at, LINK.c.from_id, LINK.c.to_id))).all()
    return [
        (row[0] == idea_id, row[1] if row[0] == idea_id else row[0], row[2], row[3]) for row in rows
    ]

"""The map of a merge: one row for each thing that it moved or added."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from collab.process.merging.rules import MergeState
from storage.database import METADATA, Transaction

PART = METADATA.tables["merge_part"]
MERGE = METADATA.tables["idea_merge"]

ROWS_PER_INSERT: Final = 500


class Kind(StrEnum):
    """Kinds of things; the first three move, the others are added."""

    COMMENT = "comment"
    TASK = "task"
    REQUIREMENT = "requirement"
    ROLE = "role"
    FOLLOW = "follow"
    LINK = "link"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing, by its key; ``data`` is what taking it back needs to know."""

    kind: Kind
    key: str
    person_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """A merge as it is carried out or undone: its two ideas, and when it was carried out."""

    merge_id: UUID
    source_id: UUID
    target_id: UUID
    merged_at: datetime


async def keep(tx: Transaction, merge_id: UUID, found: Iterable[Part]) -> int:
    """Write rows of the map; returns how many."""
    rows = [
        {
            "merge_id": merge_id,
            "kind": each.kind.value,
            "key": each.key,
            "person_id": each.person_id,
            "data": each.data,
        }
        for each in found
    ]
    for start in range(0, len(rows), ROWS_PER_INSERT):
        await tx.run(insert(PART), rows[start : start + ROWS_PER_INSERT])
    return len(rows)


async def of_kind(tx: Transaction, merge_id: UUID, kind: Kind) -> list[Part]:
    """What the merge moved or added of this kind."""
    query = select(PART.c.key, PART.c.person_id, PART.c.data).where(
        PART.c.merge_id == merge_id, PART.c.kind == kind.value
    )
    rows = (await tx.run(query.order_by(PART.c.key))).all()
    return [Part(kind, row[0], row[1], row[2]) for row in rows]


async def counts(tx: Transaction, merge_id: UUID) -> dict[Kind, int]:
    """How many things of each kind."""
    query = select(PART.c.kind, func.count()).where(PART.c.merge_id == merge_id)
    found = {row[0]: row[1] for row in await tx.run(query.group_by(PART.c.kind))}
    return {kind: found.get(kind.value, 0) for kind in Kind}


async def forget(tx: Transaction, merge_id: UUID) -> None:
    """The merge is undone: nothing is on its map any more."""
    await tx.run(delete(PART).where(PART.c.merge_id == merge_id))


async def other_sources(tx: Transaction, joined: Joined) -> list[Joined]:
    """Other merges (id, source) into the same idea that hold, oldest first."""
    query = (
        select(MERGE.c.id, MERGE.c.source_id, MERGE.c.merged_at)
        .where(
            MERGE.c.target_id == joined.target_id,
            MERGE.c.state == MergeState.DONE,
            MERGE.c.id != joined.merge_id,
        )
        .order_by(MERGE.c.merged_at, MERGE.c.id)
    )
    return [Joined(row[0], row[1], joined.target_id, row[2]) for row in await tx.run(query)]

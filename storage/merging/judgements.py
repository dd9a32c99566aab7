"""Judgements of the source: of who has not judged the same of the target, they count there.

They are of the source's text. The target never read so, so each of them is for an earlier text
until its person keeps, changes or withdraws it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update

from storage.database import METADATA, Transaction
from storage.merging.parts import Joined, Kind, Part

CONDITION = METADATA.tables["condition"]
JUDGEMENT = METADATA.tables["judgement"]

SAID: Final = (
    *("verdict", "confidence", "reason", "expertise", "expertise_note", "own_interest"),
    *("evidence", "created_at", "updated_at", "sha256"),
)
"""What is taken from the source as it is."""

EARLIER: Final = {"epoch": 1, "seq": 0}
"""Before every version of the target's text: that of the source is none of them."""

WORDLESS: Final = {"reason": "", "expertise_note": "", "own_interest": "", "evidence": ""}
"""Without what its person says in words."""

WITHDRAWN: Final = {"verdict": "open", "confidence": "low", "expertise": "none", **WORDLESS}
"""What a judgement that was taken back says."""


async def add_judgements(
    tx: Transaction, joined: Joined, only: Collection[str] | None = None
) -> list[Part]:
    """Add them, one per person and dimension; whoever judged the target is judged by that."""
    there = {(row["person_id"], row["dimension"]): row for row in await _of(tx, joined.target_id)}
    found = []
    for row in await _of(tx, joined.source_id):
        key = f"{row['person_id']}:{row['dimension']}"
        before = there.get((row["person_id"], row["dimension"]))
        stands = before is not None and before["withdrawn_at"] is None
        if row["withdrawn_at"] is not None or stands or (only is not None and key not in only):
            continue
        revision = before["revision"] + 1 if before else 1
        said = {name: row[name] for name in SAID}
        if row["hidden_at"] is not None:
            said |= WORDLESS  # what was hidden there is not shown here
        told = {"round_id": None, "withdrawn_at": None, "looked_sha256": None}
        values = {**said, **told, **EARLIER, "revision": revision, "told_at": joined.merged_at}
        names = {name: row[name] for name in ("person_id", "dimension")}
        if before:
            await tx.run(update(JUDGEMENT).where(*_this(joined, names)).values(**values))
        else:
            values |= {**names, "idea_id": joined.target_id}
            await tx.run(insert(JUDGEMENT).values(**values))
        data = {"revision": revision, "before": _kept(before) if before else None}
        found.append(Part(Kind.JUDGEMENT, key, row["person_id"], data))
    return found


async def remove_judgement(tx: Transaction, joined: Joined, part: Part) -> bool:
    """Take an added judgement away; False if its person has decided about it since.

    How a condition in it was settled goes with it.
    """
    assert part.person_id is not None
    names = {"person_id": part.person_id, "dimension": part.key.split(":")[1]}
    this = _this(joined, names)
    query = select(JUDGEMENT).where(*this)
    row = (await tx.run(query)).mappings().first()
    is_same = row is not None and (row["revision"], row["epoch"], row["seq"]) == (
        part.data["revision"],
        *EARLIER.values(),
    )
    if row is None or not is_same or row["withdrawn_at"] is not None:
        return False
    settled = [CONDITION.c[name] == row[name] for name in ("idea_id", *names, "revision")]
    await tx.run(delete(CONDITION).where(*settled))
    if part.data["before"] is None:
        await tx.run(delete(JUDGEMENT).where(*this))
    else:
        await tx.run(update(JUDGEMENT).where(*this).values(**_restored(part.data["before"])))
    return True


def _this(joined: Joined, names: dict[str, Any]) -> list[ColumnElement[bool]]:
    own = [JUDGEMENT.c[name] == value for name, value in names.items()]
    return [JUDGEMENT.c.idea_id == joined.target_id, *own]


async def _of(tx: Transaction, idea_id: UUID) -> list[dict[str, Any]]:
    query = select(JUDGEMENT).where(JUDGEMENT.c.idea_id == idea_id)
    order = (JUDGEMENT.c.dimension, JUDGEMENT.c.person_id)
    return [dict(row) for row in (await tx.run(query.order_by(*order))).mappings()]


def _kept(before: dict[str, Any]) -> dict[str, Any]:
    """What a judgement that was taken back says of itself: numbers and moments, no words."""
    names = ("epoch", "seq", "sha256", "revision", "looked_sha256")
    moments = ("created_at", "updated_at", "withdrawn_at", "told_at")
    at = {name: before[name].isoformat() if before[name] else None for name in moments}
    return {**{name: before[name] for name in names}, **at}


def _restored(kept: dict[str, Any]) -> dict[str, Any]:
    moments = ("created_at", "updated_at", "withdrawn_at", "told_at")
    at = {name: datetime.fromisoformat(kept[name]) if kept[name] else None for name in moments}
    return {**kept, **at, **WITHDRAWN, "round_id": None}

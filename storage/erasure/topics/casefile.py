"""A person's words and name in the record of a case.

What is official stays under the pseudonym: evidence, indicators, what was measured, that a
requirement was raised and a condition settled. Words said in the person's own name go where that
was chosen.
"""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, update

from storage.database import METADATA, Transaction

CONDITION = METADATA.tables["condition"]
EVIDENCE = METADATA.tables["evidence"]
INDICATOR = METADATA.tables["indicator"]
MEASUREMENT = METADATA.tables["measurement"]
REQUIREMENT = METADATA.tables["requirement"]
ROUND = METADATA.tables["judgement_round"]


async def put_pseudonym(tx: Transaction, person_id: UUID, name: str) -> None:
    """Put ``name`` where records say who put them there."""
    for table in (EVIDENCE, INDICATOR):
        await tx.run(update(table).where(table.c.by == person_id).values(by_name=name))


async def erase_words(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> int:
    """Put ``mark`` in the place of the person's words, at all ideas or these.

    Returns how many requirements of his there were.
    """
    at = (REQUIREMENT.c.raised_by == person_id, *_at(REQUIREMENT, ideas))
    gone = {"text": mark, "anchor": None, "recorded_for": None}
    result = await tx.run(update(REQUIREMENT).where(*at).values(gone))
    for table, whose, column in (
        (REQUIREMENT, REQUIREMENT.c.answered_by, REQUIREMENT.c.because),
        (CONDITION, CONDITION.c.by, CONDITION.c.because),
        (MEASUREMENT, MEASUREMENT.c.by, MEASUREMENT.c.note),
        (ROUND, ROUND.c.closed_by, ROUND.c.closed_reason),
    ):
        said = (whose == person_id, column != "", *_at(table, ideas))
        await tx.run(update(table).where(*said).values({column.name: mark}))
    return result.rowcount


async def rewrite_records(tx: Transaction, change: Callable[[str], str]) -> None:
    """Give the texts of what is official what ``change`` makes of them."""
    key = (EVIDENCE.c.idea_id, EVIDENCE.c.kind, EVIDENCE.c.revision)
    rows = (await tx.run(select(*key, EVIDENCE.c.data, EVIDENCE.c.reason))).all()
    for idea_id, kind, revision, data, reason in rows:
        made = {name: change(value) for name, value in data.items()}
        if (made, change(reason)) != (data, reason):
            at = (key[0] == idea_id, key[1] == kind, key[2] == revision)
            values = {"data": made, "reason": change(reason)}
            await tx.run(update(EVIDENCE).where(*at).values(values))
    await _rewrite(tx, INDICATOR, ("idea_id", "number", "revision"), ("text", "reason"), change)
    await _rewrite(tx, ROUND, ("id",), ("closed_reason",), change)
    await _rewrite(tx, REQUIREMENT, ("id",), ("recorded_for",), change)


async def _rewrite(
    tx: Transaction,
    table: Table,
    key: tuple[str, ...],
    columns: tuple[str, ...],
    change: Callable[[str], str],
) -> None:
    query = select(*(table.c[name] for name in (*key, *columns)))
    for row in (await tx.run(query)).mappings().all():
        made: dict[str, Any] = {name: row[name] and change(row[name]) for name in columns}
        if any(made[name] != row[name] for name in columns):
            at = (table.c[name] == row[name] for name in key)
            await tx.run(update(table).where(*at).values(made))


def _at(table: Table, ideas: Collection[UUID] | None) -> tuple[Any, ...]:
    return () if ideas is None else (table.c.idea_id.in_(list(ideas)),)

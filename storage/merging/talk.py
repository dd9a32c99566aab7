"""Comments with what hangs on them, tasks and requirements: they move, and move back.

What hangs on a comment names the idea as well, and a key holds the two together. So it is taken
off, the comments move in one statement each, and it is put on again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, insert, or_, select, update

from storage.database import METADATA, Transaction
from storage.merging.parts import Joined, Kind, Part

COMMENT = METADATA.tables["comment"]
HIDING = METADATA.tables["hiding"]
OUTCOME = METADATA.tables["comment_outcome"]
REACTION = METADATA.tables["reaction"]
REPORT_CASE = METADATA.tables["report_case"]
REQUIREMENT = METADATA.tables["requirement"]
RESOLUTION = METADATA.tables["resolution"]
SUGGESTION = METADATA.tables["suggestion"]
TASK = METADATA.tables["task"]

HANGING: Final = (REACTION, RESOLUTION, OUTCOME)
THREADS_AT_ONCE: Final = 200
ROWS_PER_INSERT: Final = 500

Numbers = Mapping[tuple[str, str], str]
"""Of a task or a requirement (kind, number), its number at the other idea."""


async def move(tx: Transaction, joined: Joined) -> list[Part]:
    """Bring everything to the target; what is numbered gets the next numbers there."""
    here = COMMENT.c.idea_id == joined.source_id
    columns = (COMMENT.c.id, COMMENT.c.author_id)
    said = (await tx.run(select(*columns).where(here).order_by(COMMENT.c.id))).all()
    tasks = await _numbered(tx, TASK, joined, TASK.c.comment_id)
    wishes = await _numbered(tx, REQUIREMENT, joined, REQUIREMENT.c.raised_by)
    numbers = {
        **{("task", str(row[1])): str(new) for new, row in tasks.items()},
        **{("requirement", str(row[1])): str(new) for new, row in wishes.items()},
    }
    await tx.run(update(TASK).where(TASK.c.idea_id == joined.source_id).values(comment_id=None))
    hanging = await _take_off(tx, lambda table: table.c.idea_id == joined.source_id)
    origin = func.coalesce(COMMENT.c.origin_id, joined.source_id)
    await tx.run(update(COMMENT).where(here).values(idea_id=joined.target_id, origin_id=origin))
    await _put_on(tx, joined.target_id, hanging, numbers)
    for new, row in tasks.items():
        values = {"idea_id": joined.target_id, "number": new, "comment_id": row[2]}
        await tx.run(update(TASK).where(TASK.c.id == row[0]).values(**values))
    for new, row in wishes.items():
        values = {"idea_id": joined.target_id, "number": new}
        await tx.run(update(REQUIREMENT).where(REQUIREMENT.c.id == row[0]).values(**values))
    await _tell_moderation(tx, [row[0] for row in said], joined.target_id)
    await _tell_of_requirements(tx, [row[0] for row in wishes.values()], joined.target_id)
    return [
        *(Part(Kind.COMMENT, str(row[0]), row[1]) for row in said),
        *(Part(Kind.TASK, str(row[0]), None, {"number": row[1]}) for row in tasks.values()),
        *(
            Part(Kind.REQUIREMENT, str(row[0]), row[2], {"number": row[1]})
            for row in wishes.values()
        ),
    ]


async def move_back(tx: Transaction, joined: Joined, found: Mapping[Kind, Sequence[Part]]) -> None:
    """Bring to the source what came from it, as it is now; threads go whole."""
    tasks = {UUID(each.key): int(each.data["number"]) for each in found[Kind.TASK]}
    wishes = {UUID(each.key): int(each.data["number"]) for each in found[Kind.REQUIREMENT]}
    numbers = {
        **await _old_numbers(tx, "task", TASK, tasks),
        **await _old_numbers(tx, "requirement", REQUIREMENT, wishes),
    }
    said = [UUID(each.key) for each in found[Kind.COMMENT]]
    about = await _taken_from(tx, joined, tasks)
    for start in range(0, len(said), THREADS_AT_ONCE):
        some = said[start : start + THREADS_AT_ONCE]
        roots = select(COMMENT.c.id).where(COMMENT.c.id.in_(some), COMMENT.c.reply_to.is_(None))
        await _threads_back(tx, joined, list((await tx.run(roots)).scalars()), numbers)
    at_source = COMMENT.c.idea_id == joined.source_id
    since = (at_source, COMMENT.c.origin_id.is_(None))
    await tx.run(update(COMMENT).where(*since).values(origin_id=joined.target_id))
    own = (at_source, COMMENT.c.origin_id == joined.source_id)
    await tx.run(update(COMMENT).where(*own).values(origin_id=None))
    for task_id, number in tasks.items():
        values = {
            "idea_id": joined.source_id,
            "number": number,
            "comment_id": about.get(task_id),
        }
        await tx.run(update(TASK).where(TASK.c.id == task_id).values(**values))
    for wish_id, number in wishes.items():
        values = {"idea_id": joined.source_id, "number": number}
        await tx.run(update(REQUIREMENT).where(REQUIREMENT.c.id == wish_id).values(**values))
    await _tell_of_requirements(tx, list(wishes), joined.source_id)


async def _threads_back(
    tx: Transaction, joined: Joined, roots: list[UUID], numbers: Numbers
) -> None:
    """These threads with every answer, also those that were given since."""
    if not roots:
        return
    here = or_(COMMENT.c.id.in_(roots), COMMENT.c.reply_to.in_(roots))
    ids = list((await tx.run(select(COMMENT.c.id).where(here))).scalars())
    hanging = await _take_off(tx, lambda table: table.c.comment_id.in_(ids))
    hanging[RESOLUTION] = [
        row | ({"change_from": None, "change_to": None} if row["at"] >= joined.merged_at else {})
        for row in hanging[RESOLUTION]
    ]
    hanging[OUTCOME] = [
        row for row in hanging[OUTCOME] if await _goes_back(tx, joined, row, numbers)
    ]
    planned = (TASK.c.comment_id.in_(ids), TASK.c.idea_id == joined.target_id)
    await tx.run(update(TASK).where(*planned).values(comment_id=None))
    await tx.run(update(COMMENT).where(here).values(idea_id=joined.source_id))
    await _put_on(tx, joined.source_id, hanging, numbers)
    await _tell_moderation(tx, ids, joined.source_id)


async def _goes_back(
    tx: Transaction, joined: Joined, row: Mapping[str, Any], numbers: Numbers
) -> bool:
    """Whether what a comment became goes back with it; what it became since stays where it is."""
    if row["kind"] != "suggestion":
        return (row["kind"], row["target"]) in numbers
    query = select(SUGGESTION.c.idea_id).where(SUGGESTION.c.id == UUID(row["target"]))
    return (await tx.run(query)).scalar() != joined.target_id


async def _numbered(
    tx: Transaction, table: Table, joined: Joined, beside: ColumnElement[Any]
) -> dict[int, tuple[UUID, int, Any]]:
    """Rows (id, number, what stands ``beside``) of the source by the number they get."""
    last = select(func.max(table.c.number)).where(table.c.idea_id == joined.target_id)
    begin = ((await tx.run(last)).scalar() or 0) + 1
    query = select(table.c.id, table.c.number, beside).where(table.c.idea_id == joined.source_id)
    rows = (await tx.run(query.order_by(table.c.number))).all()
    return {begin + at: (row[0], row[1], row[2]) for at, row in enumerate(rows)}


async def _old_numbers(
    tx: Transaction, kind: str, table: Table, before: Mapping[UUID, int]
) -> dict[tuple[str, str], str]:
    """What is numbered at the target now, and was so at the source."""
    found = {}
    for row_id, number in before.items():
        query = select(table.c.number).where(table.c.id == row_id)
        found[kind, str((await tx.run(query)).scalar_one())] = str(number)
    return found


async def _taken_from(
    tx: Transaction, joined: Joined, tasks: Mapping[UUID, int]
) -> dict[UUID, UUID]:
    """From which comment these tasks were made."""
    query = select(TASK.c.id, TASK.c.comment_id).where(
        TASK.c.idea_id == joined.target_id, TASK.c.comment_id.is_not(None)
    )
    return {row[0]: row[1] for row in await tx.run(query) if row[0] in tasks}


async def _take_off(tx: Transaction, where: Any) -> dict[Table, list[dict[str, Any]]]:
    """Take away what hangs on comments; returns it."""
    found = {}
    for table in HANGING:
        rows = (await tx.run(select(table).where(where(table)))).mappings()
        found[table] = [dict(row) for row in rows]
        await tx.run(delete(table).where(where(table)))
    return found


async def _put_on(
    tx: Transaction,
    idea_id: UUID,
    hanging: Mapping[Table, list[dict[str, Any]]],
    numbers: Numbers,
) -> None:
    """Put it on again, at this idea and with the numbers of this idea."""
    for table, rows in hanging.items():
        made = [row | {"idea_id": idea_id} for row in rows]
        if table is OUTCOME:
            for row in made:
                row["target"] = numbers.get((row["kind"], row["target"]), row["target"])
        for start in range(0, len(made), ROWS_PER_INSERT):
            await tx.run(insert(table), made[start : start + ROWS_PER_INSERT])


async def _tell_moderation(tx: Transaction, comment_ids: Iterable[UUID], idea_id: UUID) -> None:
    """Reports and hidings of these comments are found where the comments are."""
    ids = list(comment_ids)
    for start in range(0, len(ids), THREADS_AT_ONCE):
        some = ids[start : start + THREADS_AT_ONCE]
        hidden = HIDING.c.comment_id.in_(some)
        await tx.run(update(HIDING).where(hidden).values(idea_id=idea_id))
        named = REPORT_CASE.c.target_id.in_([str(each) for each in some])
        reported = (REPORT_CASE.c.target == "comment", named)
        await tx.run(update(REPORT_CASE).where(*reported).values(idea_id=idea_id))


async def _tell_of_requirements(tx: Transaction, ids: Collection[UUID], idea_id: UUID) -> None:
    """Reports and hidings of these requirements go along."""
    named = [str(each) for each in ids]
    for table in (HIDING, REPORT_CASE):
        this = (table.c.target == "requirement", table.c.target_id.in_(named))
        await tx.run(update(table).where(*this).values(idea_id=idea_id))

"""An account takes over what a guest did: the rows that name the guest name the account instead.

What each column does with it is in ``passing_on``.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.workshop.workshops import Guest
from storage.workshop.passing_on import GOES, JOINS, MOVES

__all__ = ["Guest"]

CLIENT = METADATA.tables["document_client"]
COMMENT = METADATA.tables["comment"]
CONDITION = METADATA.tables["condition"]
DOT = METADATA.tables["dot"]
GUEST = METADATA.tables["guest"]
IDEA = METADATA.tables["idea"]
IDEA_ROLE = METADATA.tables["idea_role"]
JUDGEMENT = METADATA.tables["judgement"]
PERSON = METADATA.tables["person"]
REVIEW = METADATA.tables["alignment_review"]
SILENT = METADATA.tables["silent_note"]
SUGGESTION = METADATA.tables["suggestion"]
TABLE = METADATA.tables["workshop_table"]
DOCUMENT = METADATA.tables["workshop_document"]

_COUNTED = {
    "texts": (CLIENT, CLIENT.c.actor_id, CLIENT.c.document_id.distinct()),
    "notes": (SILENT, SILENT.c.author_id, SILENT.c.id),
    "ideas": (IDEA_ROLE, IDEA_ROLE.c.person_id, IDEA_ROLE.c.idea_id.distinct()),
    "comments": (COMMENT, COMMENT.c.author_id, COMMENT.c.id),
    "suggestions": (SUGGESTION, SUGGESTION.c.author_id, SUGGESTION.c.id),
    "judgements": (JUDGEMENT, JUDGEMENT.c.person_id, JUDGEMENT.c.dimension),
    "dots": (DOT, DOT.c.person_id, DOT.c.note_id),
}


async def put_receipt(tx: Transaction, person_id: UUID, claim_hash: str) -> bool:
    """Let this receipt be the guest's, in place of an earlier one; False if he was claimed."""
    mine = (GUEST.c.person_id == person_id, GUEST.c.claimed_by.is_(None))
    result = await tx.run(update(GUEST).where(*mine).values(claim_hash=claim_hash))
    return result.rowcount == 1


async def by_receipt(tx: Transaction, claim_hash: str) -> Guest | None:
    """The guest whose receipt it is, if nobody has claimed him."""
    return await tx.row(
        select_rows(Guest).where(Guest.claim_hash == claim_hash, col(Guest.claimed_by).is_(None))
    )


async def mark(tx: Transaction, person_id: UUID, claim_hash: str, by: UUID, now: datetime) -> bool:
    """Note who takes the guest over; False if somebody was faster. The receipt is used up."""
    result = await tx.run(
        update(GUEST)
        .where(
            GUEST.c.person_id == person_id,
            GUEST.c.claim_hash == claim_hash,
            GUEST.c.claimed_by.is_(None),
        )
        .values(claimed_by=by, claimed_at=now, claim_hash=None)
    )
    return result.rowcount == 1


async def claimed_by(tx: Transaction, person_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The guests that each of these accounts has taken over."""
    query = select(GUEST.c.claimed_by, GUEST.c.person_id)
    found: dict[UUID, set[UUID]] = {}
    for account, guest in await tx.run(query.where(GUEST.c.claimed_by.in_(list(person_ids)))):
        found.setdefault(account, set()).add(guest)
    return found


async def counts(tx: Transaction, person_id: UUID) -> dict[str, int]:
    """How much the person did, by kind; kinds without anything are left out."""
    found: dict[str, int] = {}
    for name, (table, owner, what) in _COUNTED.items():
        query = select(func.count(what)).select_from(table).where(owner == person_id)
        if table is SILENT:
            # What has been shown is on the board, and counts among the texts.
            query = query.where(SILENT.c.brought_at.is_(None))
        if number := (await tx.run(query)).scalar_one():
            found[name] = int(number)
    return found


async def documents_of(tx: Transaction, guest: Guest) -> list[UUID]:
    """The documents in which the guest wrote, or could: those of his workshop and of its tables."""
    written = select(CLIENT.c.document_id).where(CLIENT.c.actor_id == guest.person_id)
    own = select(DOCUMENT.c.document_id).where(DOCUMENT.c.workshop_id == guest.workshop_id)
    opened = (
        select(IDEA.c.document_id)
        .join(TABLE, TABLE.c.idea_id == IDEA.c.id)
        .where(TABLE.c.workshop_id == guest.workshop_id)
    )
    found = {row[0] for query in (written, own, opened) for row in await tx.run(query)}
    return sorted(found)


async def hold_person(tx: Transaction, person_id: UUID) -> None:
    """Wait for what is being written in the person's name; what follows waits until ``tx`` ends."""
    await tx.run(select(PERSON.c.id).where(PERSON.c.id == person_id).with_for_update())


async def pass_on(tx: Transaction, guest: UUID, account: UUID) -> dict[str, int]:
    """Let every row that names the guest name the account; returns how many, by table.

    What is counted by persons (``WEIGHED``) has to have passed on before.
    """
    moved: dict[str, int] = {}
    for name, (column, keys) in JOINS.items():
        table = METADATA.tables[name]
        twin = table.alias()
        same = [twin.c[key] == table.c[key] for key in keys]
        has = exists().where(twin.c[column] == account, *same)
        await tx.run(delete(table).where(table.c[column] == guest, has))
        await _rename(tx, moved, name, column, guest, account)
    for name, columns in MOVES.items():
        for column in columns:
            await _rename(tx, moved, name, column, guest, account)
    for name, columns in GOES.items():
        table = METADATA.tables[name]
        mine = or_(*(table.c[column] == guest for column in columns))
        await tx.run(delete(table).where(mine))
    return moved


async def pass_judgements(
    tx: Transaction, guest: UUID, account: UUID
) -> tuple[int, list[tuple[UUID, str]]]:
    """Judgements pass on where the account has none of its own; the others are taken back.

    Returns how many passed on, and (idea, dimension) of those taken back.
    """
    rows = (await tx.run(select(JUDGEMENT).where(JUDGEMENT.c.person_id == guest))).all()
    twice: list[tuple[UUID, str]] = []
    moved = 0
    for row in rows:
        place = (JUDGEMENT.c.idea_id == row.idea_id, JUDGEMENT.c.dimension == row.dimension)
        own = (
            await tx.run(select(JUDGEMENT).where(*place, JUDGEMENT.c.person_id == account))
        ).one_or_none()
        stands = own is not None and own.withdrawn_at is None
        if row.withdrawn_at is None and stands:
            twice.append((row.idea_id, row.dimension))
        if stands or (own is not None and row.withdrawn_at is not None):
            await _drop_judgement(tx, row.idea_id, row.dimension, guest)
            continue
        values = {**row._mapping, "person_id": account}
        if own is None:
            await tx.run(JUDGEMENT.insert().values(**values))
        else:
            # What he took back himself has its revisions, and they go on.
            values["revision"] = own.revision + 1
            await tx.run(
                update(JUDGEMENT).where(*place, JUDGEMENT.c.person_id == account).values(**values)
            )
        await _move_conditions(tx, row, guest, account, values["revision"])
        await _drop_judgement(tx, row.idea_id, row.dimension, guest)
        moved += 1
    return moved, twice


async def pass_dots(
    tx: Transaction, workshop_id: UUID, guest: UUID, account: UUID, most: int
) -> int:
    """Dots pass on, the oldest first, as far as one person may give; returns how many do not."""
    spent_query = select(func.coalesce(func.sum(DOT.c.count), 0)).where(
        DOT.c.workshop_id == workshop_id, DOT.c.person_id == account
    )
    left = max(0, most - int((await tx.run(spent_query)).scalar_one()))
    mine = (DOT.c.workshop_id == workshop_id, DOT.c.person_id == guest)
    given = select(DOT.c.note_id, DOT.c.count, DOT.c.at).where(*mine)
    rows = (await tx.run(given.order_by(DOT.c.at, DOT.c.note_id))).all()
    await tx.run(delete(DOT).where(*mine))
    lost = 0
    for note_id, count, at in rows:
        passes = min(count, left)
        left, lost = left - passes, lost + count - passes
        if passes:
            await _give(tx, workshop_id, note_id, account, passes, at)
    return lost


async def ideas_of(tx: Transaction, person_id: UUID) -> set[UUID]:
    """Ideas that the person judged, or has a role at."""
    found: set[UUID] = set()
    for table in (JUDGEMENT, IDEA_ROLE):
        of_his = select(table.c.idea_id).where(table.c.person_id == person_id)
        found |= {row[0] for row in await tx.run(of_his)}
    return found


async def own_reviews(tx: Transaction, account: UUID) -> set[UUID]:
    """Ideas of the account's own teams at which it judged or reviewed, as gates do not count it."""
    team = select(IDEA_ROLE.c.idea_id).where(IDEA_ROLE.c.person_id == account)
    found: set[UUID] = set()
    for table, more in ((JUDGEMENT, (JUDGEMENT.c.withdrawn_at.is_(None),)), (REVIEW, ())):
        of_his = (table.c.person_id == account, table.c.idea_id.in_(team), *more)
        found |= {row[0] for row in await tx.run(select(table.c.idea_id).where(*of_his))}
    return found


async def empty(tx: Transaction, person_id: UUID, handle: str, name: str, now: datetime) -> None:
    """Leave nothing of the guest but that there was one."""
    gone = {"handle": handle, "name": name, "email": None, "password_hash": None}
    ended = {"suspended_at": now, "suspended_reason": None, "erased_at": now}
    await tx.run(update(PERSON).where(PERSON.c.id == person_id).values(**gone, **ended))


async def _rename(
    tx: Transaction, moved: dict[str, int], name: str, column: str, guest: UUID, account: UUID
) -> None:
    table = METADATA.tables[name]
    result = await tx.run(update(table).where(table.c[column] == guest).values({column: account}))
    if result.rowcount:
        moved[name] = moved.get(name, 0) + result.rowcount


async def _drop_judgement(tx: Transaction, idea_id: UUID, dimension: str, person_id: UUID) -> None:
    for table in (CONDITION, JUDGEMENT):
        await tx.run(delete(table).where(*_of(table, idea_id, dimension, person_id)))


async def _move_conditions(
    tx: Transaction, row: Any, guest: UUID, account: UUID, revision: int
) -> None:
    """The settlement of the condition that counts goes along; those of earlier words go."""
    mine = _of(CONDITION, row.idea_id, row.dimension, guest)
    now = (*mine, CONDITION.c.revision == row.revision)
    await tx.run(update(CONDITION).where(*now).values(person_id=account, revision=revision))


def _of(
    table: Any, idea_id: UUID, dimension: str, person_id: UUID
) -> tuple[ColumnElement[bool], ...]:
    same = (table.c.idea_id == idea_id, table.c.dimension == dimension)
    return (*same, table.c.person_id == person_id)


async def _give(
    tx: Transaction, workshop_id: UUID, note_id: str, account: UUID, count: int, at: datetime
) -> None:
    """More dots of the account on a note."""
    this = (DOT.c.workshop_id == workshop_id, DOT.c.note_id == note_id, DOT.c.person_id == account)
    more = await tx.run(update(DOT).where(*this).values(count=DOT.c.count + count))
    if more.rowcount == 0:
        values = {"workshop_id": workshop_id, "note_id": note_id, "person_id": account}
        await tx.run(DOT.insert().values(**values, count=count, at=at))

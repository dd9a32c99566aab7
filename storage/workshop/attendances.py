"""Who leads a workshop, who attends it, and which of them are guests."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, String, bindparam, delete, func, select, union_all, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.workshop.workshops import Attendance, Guest

__all__ = ["Attendance", "Guest"]

ATTENDANCE = METADATA.tables["attendance"]
FACILITATOR = METADATA.tables["workshop_facilitator"]
GUEST = METADATA.tables["guest"]
IDEA_ROLE = METADATA.tables["idea_role"]
PERSON = METADATA.tables["person"]
SESSION = METADATA.tables["session"]
TABLE = METADATA.tables["workshop_table"]
TOKEN = METADATA.tables["token"]


async def add_facilitator(
    tx: Transaction, workshop_id: UUID, person_id: UUID, now: datetime
) -> bool:
    """Let the person lead; False if he does already."""
    values = {"workshop_id": workshop_id, "person_id": person_id, "at": now}
    return await tx.insert_new(FACILITATOR, values)


async def remove_facilitator(tx: Transaction, workshop_id: UUID, person_id: UUID) -> bool:
    """Let the person lead no more; False if he did not."""
    result = await tx.run(
        delete(FACILITATOR).where(
            FACILITATOR.c.workshop_id == workshop_id, FACILITATOR.c.person_id == person_id
        )
    )
    return result.rowcount == 1


async def facilitators(tx: Transaction, workshop_id: UUID) -> list[UUID]:
    """Who leads, the first one first."""
    query = select(FACILITATOR.c.person_id).where(FACILITATOR.c.workshop_id == workshop_id)
    query = query.order_by(FACILITATOR.c.at, FACILITATOR.c.person_id)
    return list((await tx.run(query)).scalars())


async def leads(tx: Transaction, workshop_id: UUID, person_ids: Iterable[UUID]) -> set[UUID]:
    """Which of the persons lead the workshop."""
    query = select(FACILITATOR.c.person_id).where(
        FACILITATOR.c.workshop_id == workshop_id, FACILITATOR.c.person_id.in_(list(person_ids))
    )
    return set((await tx.run(query)).scalars())


async def attend(
    tx: Transaction, workshop_id: UUID, person_id: UUID, table_id: UUID | None, now: datetime
) -> bool:
    """Give the person a place; False if he has one already, which stays as it is."""
    values = {"workshop_id": workshop_id, "person_id": person_id, "table_id": table_id}
    return await tx.insert_new(ATTENDANCE, {**values, "joined_at": now})


async def get(tx: Transaction, workshop_id: UUID, person_id: UUID) -> Attendance | None:
    return await tx.row(
        select_rows(Attendance).where(
            Attendance.workshop_id == workshop_id, Attendance.person_id == person_id
        )
    )


async def of_workshop(tx: Transaction, workshop_id: UUID) -> list[Attendance]:
    """Everybody who ever had a place, in the order of coming."""
    query = select_rows(Attendance).where(Attendance.workshop_id == workshop_id)
    return await tx.rows(query.order_by(col(Attendance.joined_at), col(Attendance.person_id)))


async def among(
    tx: Transaction, workshop_id: UUID, person_ids: Iterable[UUID]
) -> dict[UUID, Attendance]:
    """The places of these persons."""
    query = select_rows(Attendance).where(
        Attendance.workshop_id == workshop_id, col(Attendance.person_id).in_(list(person_ids))
    )
    return {row.person_id: row for row in await tx.rows(query)}


async def names(tx: Transaction, workshop_id: UUID) -> set[str]:
    """What those are called who are there or lead."""
    there = select(ATTENDANCE.c.person_id).where(
        ATTENDANCE.c.workshop_id == workshop_id, ATTENDANCE.c.removed_at.is_(None)
    )
    leading = select(FACILITATOR.c.person_id).where(FACILITATOR.c.workshop_id == workshop_id)
    query = select(PERSON.c.name).where(PERSON.c.id.in_(there.union(leading)))
    return set((await tx.run(query)).scalars())


async def count(tx: Transaction, workshop_id: UUID) -> int:
    """How many ever had a place."""
    query = select(func.count()).where(ATTENDANCE.c.workshop_id == workshop_id)
    return int((await tx.run(query)).scalar_one())


async def sit(tx: Transaction, workshop_id: UUID, person_id: UUID, table_id: UUID | None) -> None:
    """Move the person to a table, or to none."""
    await _change(tx, workshop_id, person_id, table_id=table_id)


async def raise_hand(
    tx: Transaction, workshop_id: UUID, person_id: UUID, at: datetime | None
) -> None:
    """Note when the hand went up; None takes it down."""
    await _change(tx, workshop_id, person_id, hand_raised_at=at)


async def remove(
    tx: Transaction, workshop_id: UUID, person_id: UUID, by: UUID, now: datetime
) -> bool:
    """Send the person out; False if he has no place or was sent out before."""
    result = await tx.run(
        update(ATTENDANCE)
        .where(
            ATTENDANCE.c.workshop_id == workshop_id,
            ATTENDANCE.c.person_id == person_id,
            ATTENDANCE.c.removed_at.is_(None),
        )
        .values(removed_at=now, removed_by=by, table_id=None, hand_raised_at=None)
    )
    return result.rowcount == 1


async def seated_at(tx: Transaction, idea_id: UUID) -> set[UUID]:
    """Who sits at a table that has opened the idea."""
    query = (
        select(ATTENDANCE.c.person_id)
        .join(TABLE, TABLE.c.id == ATTENDANCE.c.table_id)
        .where(TABLE.c.idea_id == idea_id, ATTENDANCE.c.removed_at.is_(None))
    )
    return set((await tx.run(query)).scalars())


_PERSONS: BindParameter[list[UUID]] = bindparam("persons", expanding=True)
_ROLES_AT = union_all(
    select(IDEA_ROLE.c.person_id, IDEA_ROLE.c.role).where(
        IDEA_ROLE.c.idea_id == bindparam("idea"), IDEA_ROLE.c.person_id.in_(_PERSONS)
    ),
    select(ATTENDANCE.c.person_id, bindparam("seated", type_=String))
    .join(TABLE, TABLE.c.id == ATTENDANCE.c.table_id)
    .where(
        TABLE.c.idea_id == bindparam("idea"),
        ATTENDANCE.c.person_id.in_(_PERSONS),
        ATTENDANCE.c.removed_at.is_(None),
    ),
)
"""Made once, as every look asks it: to put a statement together costs as much as to run it."""


async def roles_at(
    tx: Transaction, idea_id: UUID, person_ids: Iterable[UUID], seated: str
) -> dict[UUID, frozenset[str]]:
    """The roles of these persons at the idea; ``seated`` is that of who sits at a table that has
    opened it. Who holds none is left out.
    """
    given = {"idea": idea_id, "persons": list(person_ids), "seated": seated}
    found: dict[UUID, frozenset[str]] = {}
    for person_id, role in await tx.run(_ROLES_AT, given):
        found[person_id] = found.get(person_id, frozenset()) | {role}
    return found


async def add_guest(tx: Transaction, person_id: UUID, workshop_id: UUID) -> None:
    """Note that the person came by a code and has no account."""
    tx.add(Guest(person_id=person_id, workshop_id=workshop_id))
    await tx.flush()


async def guest(tx: Transaction, person_id: UUID) -> Guest | None:
    """The person as a guest; None if he has an account."""
    return await tx.row(select_rows(Guest).where(Guest.person_id == person_id))


async def guests_among(tx: Transaction, person_ids: Iterable[UUID]) -> dict[UUID, Guest]:
    """Those of the persons who are guests."""
    query = select_rows(Guest).where(col(Guest.person_id).in_(list(person_ids)))
    return {row.person_id: row for row in await tx.rows(query)}


async def prolong_guests(
    tx: Transaction, workshop_id: UUID, from_end: datetime, to_end: datetime
) -> None:
    """Let the sign-ins and tokens of the workshop's guests end when it does now."""
    guests = select(GUEST.c.person_id).where(GUEST.c.workshop_id == workshop_id)
    for held in (SESSION, TOKEN):
        await tx.run(
            update(held)
            .where(held.c.person_id.in_(guests), held.c.expires_at == from_end)
            .values(expires_at=to_end)
        )


async def _change(
    tx: Transaction, workshop_id: UUID, person_id: UUID, **values: UUID | datetime | None
) -> None:
    await tx.run(
        update(ATTENDANCE)
        .where(ATTENDANCE.c.workshop_id == workshop_id, ATTENDANCE.c.person_id == person_id)
        .values(values)
    )

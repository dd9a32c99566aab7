"""Leases: of all processes on a database one does a task, until it stops or falls silent.

Each call is one statement (compare and set), so two that come at once cannot both get it. Moments
are passed in; where processes have clocks of their own take them from ``moment``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, func, or_, select, update

from storage.database import METADATA, Transaction

LEASE = METADATA.tables["lease"]

LASTS: Final = timedelta(seconds=12)
"""So long a process that falls silent keeps its tasks."""

NOT_BELIEVED: Final = 2 * LASTS
"""An end further away was written by a clock that ran ahead, and counts as passed."""


class Superseded(Exception):
    """The task is another's meanwhile: nothing may be written under the old term."""


@dataclass(frozen=True, slots=True)
class Held:
    """A task that somebody has, and the term under which he does it."""

    name: str
    holder: str
    term: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A lease as an operator sees it."""

    name: str
    holder: str
    term: int
    since: datetime
    until: datetime


async def moment(tx: Transaction, now: datetime) -> datetime:
    """The time that all processes on this database share; ``now`` where they share a clock."""
    if tx.dialect == "sqlite":
        return now
    found: datetime = (await tx.run(select(func.clock_timestamp()))).scalar_one()
    return found


async def is_free(tx: Transaction, name: str, now: datetime) -> bool:
    """Whether nobody has the task; who asks first need not write to find out."""
    until = (await tx.run(select(LEASE.c.until).where(LEASE.c.name == name))).scalar()
    return until is None or not now < until <= now + NOT_BELIEVED


async def take(
    tx: Transaction, name: str, holder: str, now: datetime, lasts: timedelta = LASTS
) -> Held | None:
    """Take the task, or keep it for longer; None if another has it.

    Who lost it in silence and finds it free has his old term still: nobody came between.
    """
    is_same = LEASE.c.holder == holder
    is_over = or_(LEASE.c.until <= now, LEASE.c.until > now + NOT_BELIEVED)
    values = {"name": name, "holder": holder, "term": 1, "since": now, "until": now + lasts}
    statement = (
        tx.insert(LEASE)
        .values(values)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={
                "holder": holder,
                "term": case((is_same, LEASE.c.term), else_=LEASE.c.term + 1),
                "since": case((is_same, LEASE.c.since), else_=now),
                "until": now + lasts,
            },
            where=or_(is_same, is_over),
        )
        .returning(LEASE.c.term)
    )
    term = (await tx.run(statement)).scalar()
    return None if term is None else Held(name, holder, term)


async def give_back(tx: Transaction, held: Held, now: datetime) -> None:
    """Let somebody else have the task at once; nothing happens if it is another's already."""
    own = (LEASE.c.name == held.name, LEASE.c.holder == held.holder, LEASE.c.term == held.term)
    await tx.run(update(LEASE).where(*own).values(until=now))


async def require(tx: Transaction, held: Held) -> None:
    """Make sure that the term is still the holder's, until this transaction ends.

    Who wants to take the task waits for that end. Raises:
        Superseded: it is not.
    """
    query = select(LEASE.c.holder, LEASE.c.term).where(LEASE.c.name == held.name)
    found = (await tx.run(query.with_for_update(read=True))).one_or_none()
    if found is None or (found[0], found[1]) != (held.holder, held.term):
        raise Superseded(f"{held.name}: term {held.term} is over")


async def standing(tx: Transaction) -> list[Standing]:
    """All leases, by name."""
    columns = (LEASE.c.name, LEASE.c.holder, LEASE.c.term, LEASE.c.since, LEASE.c.until)
    return [Standing(*row) for row in await tx.run(select(*columns).order_by(LEASE.c.name))]

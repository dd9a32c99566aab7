"""Organisations as a tree, and how one follows another. Who belongs to one is in ``people``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.organisations.organisation import Body, OrganisationKind
from storage.database import METADATA, Transaction
from storage.engine.once import each_once
from storage.tables.people import Organisation

__all__ = [
    "NewOrganisation",
    "Organisation",
    "add_all",
    "adopt",
    "below",
    "body_of",
    "by_sources",
    "children",
    "confirm_member",
    "count",
    "current",
    "end",
    "everything",
    "get",
    "lock",
    "names",
    "predecessors",
    "replace",
    "speak_for_successor",
    "successors",
]

ORGANISATION = METADATA.tables["organisation"]
AFFILIATION = METADATA.tables["affiliation"]

IDS_PER_STATEMENT = 500
DEPTH_MAX = 50
# Of the erased, see storage/erasure: it stands for no body.
FORMER_KIND = "former"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganisation:
    """An organisation that is not there yet."""

    id: UUID
    name: str
    actor_class: str
    kind: str
    valid_from: date | None = None
    short_name: str | None = None
    type_name: str | None = None
    source: str | None = None
    parent_id: UUID | None = None


def body_of(row: Organisation) -> Body:
    """The row as rules look at it."""
    return Body(
        id=row.id,
        actor_class=row.actor_class,
        kind=row.kind,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successor=row.successor_id,
    )


async def get(tx: Transaction, organisation_id: UUID) -> Organisation | None:
    """The organisation; what stands for former ones of erased people is none."""
    return await tx.row(
        select_rows(Organisation).where(
            Organisation.id == organisation_id, Organisation.kind != FORMER_KIND
        )
    )


async def lock(tx: Transaction, ids: Iterable[UUID]) -> None:
    """Let nobody else end or replace these until ``tx`` ends."""
    these = ORGANISATION.c.id.in_(list(ids))
    await tx.run(
        select(ORGANISATION.c.id).where(these).order_by(ORGANISATION.c.id).with_for_update()
    )


async def everything(
    tx: Transaction, *, offset: int = 0, limit: int | None = None
) -> list[Organisation]:
    """All organisations, or some, ended ones too, in the order of names."""
    query = select_rows(Organisation).where(Organisation.kind != FORMER_KIND)
    query = query.order_by(Organisation.name, col(Organisation.id))
    return await tx.rows(query.offset(offset).limit(limit))


async def count(tx: Transaction) -> int:
    """How many organisations are known."""
    query = select(func.count()).select_from(ORGANISATION).where(ORGANISATION.c.kind != FORMER_KIND)
    return int((await tx.run(query)).scalar_one())


async def children(tx: Transaction, parents: Iterable[UUID]) -> list[Organisation]:
    """What lies directly below these."""
    ids, found = list(parents), []
    for start in range(0, len(ids), IDS_PER_STATEMENT):
        some = ids[start : start + IDS_PER_STATEMENT]
        query = select_rows(Organisation).where(col(Organisation.parent_id).in_(some))
        found += await tx.rows(query.order_by(Organisation.name, col(Organisation.id)))
    return found


async def below(tx: Transaction, organisation_id: UUID) -> list[Organisation]:
    """Everything below the organisation, level by level."""
    found: list[Organisation] = []
    level = [organisation_id]
    for _ in range(DEPTH_MAX):
        rows = await children(tx, level)
        if not rows:
            break
        found += rows
        level = [row.id for row in rows]
    return found


async def predecessors(tx: Transaction, organisation_id: UUID) -> list[Organisation]:
    """What the organisation has followed directly."""
    query = select_rows(Organisation).where(Organisation.successor_id == organisation_id)
    return await tx.rows(query.order_by(Organisation.name, col(Organisation.id)))


async def current(tx: Transaction, organisation_id: UUID) -> Organisation | None:
    """The organisation, or what has taken its place in law, through all steps."""
    found = await get(tx, organisation_id)
    for _ in range(DEPTH_MAX):
        if found is None or found.successor_id is None:
            break
        found = await get(tx, found.successor_id)
    return found


async def successors(tx: Transaction) -> dict[UUID, UUID]:
    """What follows each organisation that was replaced."""
    query = select(ORGANISATION.c.id, ORGANISATION.c.successor_id)
    rows = await tx.run(query.where(ORGANISATION.c.successor_id.is_not(None)))
    return {UUID(str(row[0])): UUID(str(row[1])) for row in rows}


async def by_sources(tx: Transaction, sources: Sequence[str]) -> dict[str, Organisation]:
    """Those of these that are known already."""
    found: dict[str, Organisation] = {}
    for start in range(0, len(sources), IDS_PER_STATEMENT):
        some = list(sources[start : start + IDS_PER_STATEMENT])
        rows = await tx.rows(select_rows(Organisation).where(col(Organisation.source).in_(some)))
        found |= {row.source: row for row in rows if row.source}
    return found


async def add_all(tx: Transaction, new: Sequence[NewOrganisation]) -> None:
    """Write organisations, parents before what lies below them."""
    if new:
        names = NewOrganisation.__slots__
        await tx.run(
            insert(ORGANISATION), [{name: getattr(each, name) for name in names} for each in new]
        )


async def adopt(tx: Transaction, organisation_id: UUID, new: NewOrganisation) -> None:
    """Let an organisation that was noted by hand be the one of an import, under its own name."""
    kept = ("source", "short_name", "type_name", "parent_id", "kind")
    values = {name: getattr(new, name) for name in kept}
    await tx.run(update(ORGANISATION).where(ORGANISATION.c.id == organisation_id).values(**values))


async def end(tx: Transaction, ids: Sequence[UUID], last_day: date, reason: str) -> None:
    """Give these their last day; those that ended earlier keep theirs."""
    ends = ORGANISATION.c.valid_to
    for start in range(0, len(ids), IDS_PER_STATEMENT):
        these = ORGANISATION.c.id.in_(list(ids[start : start + IDS_PER_STATEMENT]))
        await tx.run(
            update(ORGANISATION)
            .where(these, or_(ends.is_(None), ends > last_day))
            .values(valid_to=last_day, end_reason=reason)
        )


async def replace(
    tx: Transaction, organisation_id: UUID, successor_id: UUID, last_day: date, reason: str
) -> None:
    """Note what takes the place of the organisation after its last day."""
    values = {"successor_id": successor_id, "valid_to": last_day, "end_reason": reason}
    await tx.run(update(ORGANISATION).where(ORGANISATION.c.id == organisation_id).values(**values))


async def speak_for_successor(
    tx: Transaction, organisation_id: UUID, successor_id: UUID, now: datetime
) -> int:
    """Let everybody confirmed at the organisation belong to its successor too; returns how many.

    What they belonged to before stays on record. Nobody may sign for the successor by that.
    """
    theirs = AFFILIATION.c.organisation_id == successor_id
    there = select(AFFILIATION.c.person_id).where(theirs)
    query = select(AFFILIATION.c.person_id).where(
        AFFILIATION.c.organisation_id == organisation_id,
        AFFILIATION.c.confirmed_at.is_not(None),
        AFFILIATION.c.person_id.not_in(there),
    )
    people = [row[0] for row in await tx.run(query)]
    rows = [
        {"person_id": person, "organisation_id": successor_id, "confirmed_at": now}
        for person in people
    ]
    if rows:
        await tx.run(insert(AFFILIATION), rows)
    return len(rows)


def is_layout(row: Organisation) -> bool:
    """Whether it only gives a chart its shape."""
    return row.kind == OrganisationKind.LAYOUT


async def confirm_member(
    tx: Transaction,
    person_id: UUID,
    organisation_id: UUID,
    *,
    confirmed_at: datetime,
    may_sign: bool,
) -> bool:
    """Confirm that the person belongs to it; False if he says so no longer."""
    result = await tx.run(
        update(AFFILIATION)
        .where(
            AFFILIATION.c.person_id == person_id, AFFILIATION.c.organisation_id == organisation_id
        )
        .values(confirmed_at=confirmed_at, may_sign=may_sign)
    )
    return result.rowcount == 1


@each_once
async def names(tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these organisations, also of former ones."""
    table = METADATA.tables["organisation"]
    query = select(table.c.id, table.c.name).where(table.c.id.in_(list(ids)))
    return {row[0]: row[1] for row in await tx.run(query)}

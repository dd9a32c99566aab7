"""Central measures and the ideas that build on them or are referred to them."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.ideas import Idea
from storage.tables.process.measures import CentralLink, CentralMeasure

__all__ = [
    "CentralLink",
    "CentralMeasure",
    "Linked",
    "change",
    "create",
    "everything",
    "get",
    "ideas_of",
    "link",
    "of_idea",
    "unlink",
]

CENTRAL = METADATA.tables["central_measure"]
LINK = METADATA.tables["central_link"]


class Linked(NamedTuple):
    """A link with what stands at its other end."""

    link: CentralLink
    other: Any


async def create(tx: Transaction, **values: Any) -> CentralMeasure:
    """Write what is said of a central measure; its number is in the register already."""
    row = CentralMeasure(revision=1, **values)
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: Transaction, number: str) -> CentralMeasure | None:
    return await tx.row(select_rows(CentralMeasure).where(CentralMeasure.number == number))


async def everything(tx: Transaction) -> list[CentralMeasure]:
    """All central measures in the order of their titles."""
    return await tx.rows(select_rows(CentralMeasure).order_by(CentralMeasure.title))


async def change(tx: Transaction, number: str, expected_revision: int, **values: Any) -> bool:
    """Change what is said of it and count up, if it still is at that revision."""
    result = await tx.run(
        update(CENTRAL)
        .where(CENTRAL.c.number == number, CENTRAL.c.revision == expected_revision)
        .values(revision=CENTRAL.c.revision + 1, **values)
    )
    return result.rowcount == 1


async def link(
    tx: Transaction,
    idea_id: UUID,
    number: str,
    kind: str,
    *,
    note: str,
    by: UUID,
    now: datetime,
) -> bool:
    """Link the idea; False if it is linked that way already."""
    values = {"idea_id": idea_id, "number": number, "kind": kind, "note": note, "by": by, "at": now}
    return await tx.insert_new(LINK, values)


async def unlink(tx: Transaction, idea_id: UUID, number: str, kind: str) -> bool:
    """Take the link back; False if there is none."""
    where = (LINK.c.idea_id == idea_id, LINK.c.number == number, LINK.c.kind == kind)
    return (await tx.run(delete(LINK).where(*where))).rowcount == 1


@only_where_named("central_link.idea_id", nothing=list)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> list[Linked]:
    """The central measures that the idea belongs to, oldest link first."""
    query = (
        select_rows(CentralLink, CentralMeasure)
        .join(CentralMeasure, col(CentralMeasure.number) == CentralLink.number)
        .where(CentralLink.idea_id == idea_id)
        .order_by(col(CentralLink.at), col(CentralLink.kind))
    )
    return [Linked(*row) for row in await tx.exec(query)]


async def ideas_of(tx: Transaction, number: str, hidden_stages: frozenset[str]) -> list[Linked]:
    """The ideas that build on the central measure or are referred to it, oldest link first."""
    query = (
        select_rows(CentralLink, Idea)
        .join(Idea, col(Idea.id) == CentralLink.idea_id)
        .where(CentralLink.number == number, col(Idea.stage).not_in(sorted(hidden_stages)))
        .order_by(col(CentralLink.at), col(CentralLink.kind))
    )
    return [Linked(*row) for row in await tx.exec(query)]

"""Suspect documents and quarantined updates.

Callers that hold somebody back or release him also raise the document's access version
(``documents.bump_access``), so that open rooms judge again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, case, delete, func, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.log.rows import LOG, ClientRange, Head, LogEntry, sha256
from storage.tables.documents import Quarantined, SuspectDocument

__all__ = [
    "Accusation",
    "Quarantined",
    "SuspectDocument",
    "accuse",
    "acquit",
    "barred",
    "condemn",
    "counts",
    "forget",
    "held",
    "is_suspect",
    "move_out",
    "of_document",
    "release",
    "suspects",
]

QUARANTINE = METADATA.tables["quarantine"]
SUSPECT = METADATA.tables["suspect_document"]


@dataclass(frozen=True, slots=True)
class Accusation:
    """An update that was being applied, or had just been, when a process died or a document broke.

    ``update`` is ``None`` where only the hash was noted. ``deaths``: how much this one speaks
    against it; the server counts two as proof.
    """

    actor_id: UUID | None
    sha256: str
    update: bytes | None
    deaths: int


async def accuse(
    tx: Transaction, head: Head, accused: Sequence[Accusation], phase: str, now: datetime
) -> None:
    """Mark a document as suspect, with the updates that may be to blame; adds up their deaths."""
    values = {"document_id": head.id, "phase": phase, "at": now}
    await tx.insert_new(SUSPECT, values)
    for at, each in enumerate(accused):
        row = {
            "id": uuid5(head.id, each.sha256),
            "document_id": head.id,
            "epoch": head.epoch,
            "actor_id": each.actor_id,
            "sha256": each.sha256,
            "update": each.update,
            "clients": [],
            "phase": phase,
            "verdict": "suspected",
            "deaths": each.deaths,
            "at": now + timedelta(microseconds=at),  # keeps their order
        }
        # A killer stays one, whoever sends it again.
        verdict = case((QUARANTINE.c.verdict == "cleared", "suspected"), else_=QUARANTINE.c.verdict)
        again = {
            "deaths": QUARANTINE.c.deaths + each.deaths,
            "verdict": verdict,
            "phase": phase,
            "update": func.coalesce(QUARANTINE.c.update, each.update),
        }
        await tx.run(
            tx.insert(QUARANTINE)
            .values(row)
            .on_conflict_do_update(index_elements=["document_id", "sha256"], set_=again)
        )


async def is_suspect(tx: Transaction, document_id: UUID) -> bool:
    """Whether the document must be tried in a child process before it is opened."""
    query = select(SUSPECT.c.at).where(SUSPECT.c.document_id == document_id)
    return (await tx.run(query)).first() is not None


async def suspects(tx: Transaction, document_id: UUID) -> Sequence[Quarantined]:
    """The updates that are suspected and not judged yet, the oldest first."""
    query = select_rows(Quarantined).where(
        Quarantined.document_id == document_id, Quarantined.verdict == "suspected"
    )
    return await tx.rows(query.order_by(col(Quarantined.at), col(Quarantined.id)))


async def condemn(tx: Transaction, row_id: UUID, clients: Sequence[ClientRange]) -> None:
    """The suspected update is a killer: never applied again, its author held back."""
    await tx.run(
        update(QUARANTINE)
        .where(QUARANTINE.c.id == row_id)
        .values(verdict="killer", clients=[list(each) for each in clients])
    )


async def acquit(tx: Transaction, document_id: UUID) -> None:
    """The document is sound: it may be opened, and what is still suspected is cleared.

    Of what is cleared only the hash stays; its author has it and sends it again.
    """
    await tx.run(
        update(QUARANTINE)
        .where(QUARANTINE.c.document_id == document_id, QUARANTINE.c.verdict == "suspected")
        .values(verdict="cleared", update=None)
    )
    await tx.run(delete(SUSPECT).where(SUSPECT.c.document_id == document_id))


async def move_out(
    tx: Transaction, head: Head, entry: LogEntry, verdict: str, now: datetime
) -> None:
    """Move a row of the log to the quarantine, bytes, clocks and all."""
    digest = sha256(entry.update)
    here = (LOG.c.document_id == head.id, LOG.c.epoch == head.epoch, LOG.c.seq == entry.seq)
    clients = (await tx.run(select(LOG.c.clients).where(*here))).scalar_one_or_none() or []
    row: dict[str, Any] = {
        "id": uuid5(head.id, digest),
        "document_id": head.id,
        "epoch": head.epoch,
        "seq": entry.seq,
        "actor_id": entry.actor_id,
        "sha256": digest,
        "update": entry.update,
        "clients": clients,
        "phase": "load",
        "verdict": verdict,
        "deaths": 0,
        "at": now,
    }
    known = {name: row[name] for name in ("seq", "update", "clients")}
    known["verdict"] = case((QUARANTINE.c.verdict == "killer", "killer"), else_=verdict)
    await tx.run(
        tx.insert(QUARANTINE)
        .values(row)
        .on_conflict_do_update(index_elements=["document_id", "sha256"], set_=known)
    )
    await tx.run(delete(LOG).where(*here))


async def barred(tx: Transaction, document_id: UUID) -> list[tuple[str, list[list[int]]]]:
    """Hash and clock ranges of the killers, released or not: they are never applied again."""
    query = select(QUARANTINE.c.sha256, QUARANTINE.c.clients).where(
        QUARANTINE.c.document_id == document_id, QUARANTINE.c.verdict == "killer"
    )
    return [(row[0], row[1]) for row in await tx.run(query)]


async def of_document(tx: Transaction, document_id: UUID) -> Sequence[Quarantined]:
    """All that is kept apart from the document, in the order it came."""
    query = select_rows(Quarantined).where(
        Quarantined.document_id == document_id, Quarantined.verdict != "cleared"
    )
    return await tx.rows(query.order_by(col(Quarantined.at), col(Quarantined.seq)))


_HERE = func.max(case((QUARANTINE.c.document_id == bindparam("document"), 1), else_=0))
_HELD = (
    select(QUARANTINE.c.actor_id)
    .where(
        QUARANTINE.c.verdict == "killer",
        QUARANTINE.c.released_at.is_(None),
        QUARANTINE.c.actor_id.is_not(None),
    )
    .group_by(QUARANTINE.c.actor_id)
    .having(or_(_HERE == 1, func.count(QUARANTINE.c.document_id.distinct()) > 1))
)
"""Made once, as every page asks it: to put a statement together costs as much as to run it."""


async def held(tx: Transaction, document_id: UUID) -> set[UUID]:
    """The people who are held back in the document until an operator releases them.

    They have a killer there, or in two other documents: such a one would go through all of them.
    """
    return set((await tx.run(_HELD, {"document": document_id})).scalars())


async def release(
    tx: Transaction, document_id: UUID, people: Iterable[UUID] | None, now: datetime
) -> int:
    """Let these people (None: everybody) write again; how many updates that concerned."""
    where = [
        QUARANTINE.c.document_id == document_id,
        QUARANTINE.c.verdict == "killer",
        QUARANTINE.c.released_at.is_(None),
    ]
    if people is not None:
        where.append(QUARANTINE.c.actor_id.in_(list(people)))
    return (await tx.run(update(QUARANTINE).where(*where).values(released_at=now))).rowcount


async def forget(tx: Transaction, document_id: UUID, actor_id: UUID | None) -> None:
    """Drop the bytes that are kept apart, of one actor or (``None``) of everybody.

    Hash and clocks stay: what has killed is not applied again.
    """
    mine = () if actor_id is None else (QUARANTINE.c.actor_id == actor_id,)
    await tx.run(
        update(QUARANTINE).where(QUARANTINE.c.document_id == document_id, *mine).values(update=None)
    )


async def counts(tx: Transaction) -> dict[str, int]:
    """How many documents wait for their trial, and how many killers are not released."""
    waiting = (await tx.run(select(func.count()).select_from(SUSPECT))).scalar_one()
    killers = await tx.run(
        select(func.count())
        .select_from(QUARANTINE)
        .where(QUARANTINE.c.verdict == "killer", QUARANTINE.c.released_at.is_(None))
    )
    return {"suspect_documents": waiting, "quarantined_updates": killers.scalar_one()}

"""The log of committed facts: written in the transaction of the act, read by whoever listens."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, func, insert, select, text

from collab.process.audit.entry import ARENA_CHAIN
from storage.database import METADATA, Transaction
from storage.process import audit
from storage.process.audit import Act

EVENT = METADATA.tables["event"]
IDEA = METADATA.tables["idea"]

# Any constant of our own, another than that of migrations.
LOCK_KEY = 0x6576656E74


class Fact(Protocol):
    """What an event says: a value of ``collab.process.events``."""

    @property
    def kind(self) -> str: ...

    @property
    def official(self) -> bool: ...

    @property
    def payload(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its place in the log; ``ref`` is the idea's, if one is concerned."""

    id: int
    idea_id: UUID | None
    ref: str | None
    kind: str
    actor_id: UUID | None
    payload: dict[str, Any]
    public: bool
    at: datetime


async def append(
    tx: Transaction,
    fact: Fact,
    *,
    idea_id: UUID | None,
    actor_id: UUID | None,
    public: bool,
    now: datetime,
    record: Mapping[str, Any] | None = None,
) -> StoredEvent:
    """Write the event, and the audit entry of an official one; append last in a transaction.

    Transactions that append wait for each other from here to their commit. So ids are committed
    in their order, and a reader who has seen id n has seen all before it. ``record`` is what the
    audit log says besides the event's own fields: office, organisation, revision.
    """
    if tx.dialect == "postgresql":
        await tx.run(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    payload: dict[str, Any] = dict(fact.payload)
    values = {
        "idea_id": idea_id,
        "kind": fact.kind,
        "actor_id": actor_id,
        "payload": payload,
        "public": public,
        "at": now,
    }
    event_id = (await tx.run(insert(EVENT).values(values).returning(EVENT.c.id))).scalar_one()
    ref = (await tx.run(select(IDEA.c.ref).where(IDEA.c.id == idea_id))).scalar()
    if fact.official:
        act = Act(
            chain=ref or ARENA_CHAIN,
            idea_id=idea_id,
            event_id=event_id,
            kind=fact.kind,
            actor_id=actor_id,
            payload=payload,
            record=record or {},
            public=public,
            at=now,
        )
        await audit.add(tx, act)
    return StoredEvent(event_id, idea_id, ref, fact.kind, actor_id, payload, public, now)


async def since(
    tx: Transaction,
    event_id: int,
    *,
    idea_id: UUID | None = None,
    without_idea: bool = False,
    public_only: bool = False,
    limit: int = 500,
) -> list[StoredEvent]:
    """The events after ``event_id`` in order; ask again from the last.

    Of one idea if named, or of those that concern none.
    """
    query = _stored(idea_id, public_only=public_only).where(EVENT.c.id > event_id)
    if without_idea:
        query = query.where(EVENT.c.idea_id.is_(None))
    return [StoredEvent(*row) for row in await tx.run(query.order_by(EVENT.c.id).limit(limit))]


async def latest(
    tx: Transaction,
    *,
    idea_id: UUID | None = None,
    kinds: Collection[str] | None = None,
    before: int | None = None,
    public_only: bool = True,
    limit: int = 50,
) -> list[StoredEvent]:
    """The newest events first, before ``before``; of one idea, of these kinds, if named."""
    query = _stored(idea_id, public_only=public_only)
    if kinds is not None:
        query = query.where(EVENT.c.kind.in_(list(kinds)))
    if before is not None:
        query = query.where(EVENT.c.id < before)
    newest = query.order_by(EVENT.c.id.desc()).limit(limit)
    return [StoredEvent(*row) for row in await tx.run(newest)]


def _stored(idea_id: UUID | None, *, public_only: bool) -> Select[Any]:
    columns = EVENT.c
    query = select(
        columns.id,
        columns.idea_id,
        IDEA.c.ref,
        columns.kind,
        columns.actor_id,
        columns.payload,
        columns.public,
        columns.at,
    ).select_from(EVENT.outerjoin(IDEA, IDEA.c.id == EVENT.c.idea_id))
    if idea_id is not None:
        query = query.where(columns.idea_id == idea_id)
    return query.where(columns.public) if public_only else query


_LAST_ID = select(func.max(EVENT.c.id))


async def last_id(tx: Transaction) -> int:
    """The id of the newest event; 0 if there is none. What a page shows is at least this new."""
    return int((await tx.run(_LAST_ID)).scalar() or 0)

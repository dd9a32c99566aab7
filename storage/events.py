"""The log of committed facts: written in the transaction of the act, read by whoever listens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import func, insert, select, text

from storage.database import METADATA, Transaction

EVENT = METADATA.tables["event"]
IDEA = METADATA.tables["idea"]

# Any constant of our own, another than that of migrations.
LOCK_KEY = 0x6576656E74


class Fact(Protocol):
    """What an event says: a value of ``collab.process.events``."""

    @property
    def kind(self) -> str: ...

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
) -> StoredEvent:
    """Write the event; append events last in a transaction.

    Transactions that append wait for each other from here to their commit. So ids are committed
    in their order, and a reader who has seen id n has seen all before it.
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
    return StoredEvent(event_id, idea_id, ref, fact.kind, actor_id, payload, public, now)


async def since(
    tx: Transaction,
    event_id: int,
    *,
    idea_id: UUID | None = None,
    public_only: bool = False,
    limit: int = 500,
) -> list[StoredEvent]:
    """The events after ``event_id`` in order, of one idea if named; ask again from the last."""
    query = (
        select(
            EVENT.c.id,
            EVENT.c.idea_id,
            IDEA.c.ref,
            EVENT.c.kind,
            EVENT.c.actor_id,
            EVENT.c.payload,
            EVENT.c.public,
            EVENT.c.at,
        )
        .select_from(EVENT.outerjoin(IDEA, IDEA.c.id == EVENT.c.idea_id))
        .where(EVENT.c.id > event_id)
        .order_by(EVENT.c.id)
        .limit(limit)
    )
    if idea_id is not None:
        query = query.where(EVENT.c.idea_id == idea_id)
    if public_only:
        query = query.where(EVENT.c.public)
    return [StoredEvent(*row) for row in await tx.run(query)]


async def last_id(tx: Transaction) -> int:
    """The id of the newest event; 0 if there is none. What a page shows is at least this new."""
    return int((await tx.run(select(func.max(EVENT.c.id)))).scalar() or 0)

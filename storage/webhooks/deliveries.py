"""What is to reach other systems: made from the log, claimed to be sent, ended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import case, delete, func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.webhooks.webhooks import WebhookDelivery

__all__ = ["WebhookDelivery", "add", "backlog", "due", "end", "get", "retry", "try_now", "waiting"]

WEBHOOK = METADATA.tables["webhook"]
DELIVERY = METADATA.tables["webhook_delivery"]

PER_LOOK = 50
"""So many at a time to one system,"""

PER_LOOK_FAILING = 1
"""and so many to one that has not taken the last; the others do not wait for it."""


async def add(tx: Transaction, webhook_id: UUID, events: Sequence[int], now: datetime) -> None:
    """Have these events reach the system; each once, however often it is asked for."""
    if not events:
        return
    rows = [
        {
            "id": uuid4(),
            "webhook_id": webhook_id,
            "event_id": each,
            "made_at": now,
            "next_at": now,
            "attempts": 0,
            "state": "waiting",
            "fault": "",
        }
        for each in events
    ]
    await tx.run(tx.insert(DELIVERY).on_conflict_do_nothing(), rows)


async def get(tx: Transaction, delivery_id: UUID) -> WebhookDelivery | None:
    return await tx.row(select_rows(WebhookDelivery).where(WebhookDelivery.id == delivery_id))


async def waiting(tx: Transaction, webhook_id: UUID) -> int:
    """How many wait for the system to take them."""
    query = select(func.count()).select_from(DELIVERY)
    own = (DELIVERY.c.webhook_id == webhook_id, DELIVERY.c.state == "waiting")
    return int((await tx.run(query.where(*own))).scalar_one())


async def backlog(tx: Transaction) -> tuple[int, datetime | None]:
    """How much waits for other systems, and since when the oldest of it."""
    query = select_rows(func.count(), func.min(col(WebhookDelivery.made_at)))
    is_waiting = col(WebhookDelivery.state) == "waiting"
    return (await tx.exec(query.select_from(WebhookDelivery).where(is_waiting))).one()


async def due(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """What is to leave now: the oldest of each system in turn, so that none waits for another."""
    turn = func.row_number().over(
        partition_by=DELIVERY.c.webhook_id, order_by=(DELIVERY.c.next_at, DELIVERY.c.id)
    )
    most = case((WEBHOOK.c.failing_since.is_(None), PER_LOOK), else_=PER_LOOK_FAILING)
    found = (
        select(DELIVERY.c.id, DELIVERY.c.next_at, turn.label("turn"), most.label("most"))
        .join(WEBHOOK, WEBHOOK.c.id == DELIVERY.c.webhook_id)
        .where(DELIVERY.c.next_at <= now, WEBHOOK.c.off_at.is_(None))
        .subquery()
    )
    query = select(found.c.id).where(found.c.turn <= found.c.most)
    ordered = query.order_by(found.c.turn, found.c.next_at, found.c.id).limit(limit)
    return list((await tx.run(ordered)).scalars())


async def try_now(tx: Transaction, delivery: WebhookDelivery, next_at: datetime) -> bool:
    """Take it on to send it; until ``next_at`` nobody else does. False: somebody has."""
    same = (
        DELIVERY.c.id == delivery.id,
        DELIVERY.c.attempts == delivery.attempts,
        DELIVERY.c.state == "waiting",
    )
    values = {"attempts": delivery.attempts + 1, "next_at": next_at}
    return (await tx.run(update(DELIVERY).where(*same).values(values))).rowcount == 1


async def note_fault(tx: Transaction, delivery_id: UUID, fault: str) -> None:
    """Why the last attempt failed."""
    await tx.run(update(DELIVERY).where(DELIVERY.c.id == delivery_id).values(fault=fault))


async def end(
    tx: Transaction, delivery_id: UUID, state: str, now: datetime, fault: str = ""
) -> None:
    """It has arrived, or is a dead letter."""
    values = {"state": state, "next_at": None, "ended_at": now, "fault": fault}
    await tx.run(update(DELIVERY).where(DELIVERY.c.id == delivery_id).values(values))


async def drop(tx: Transaction, delivery_id: UUID) -> None:
    """There is nothing left to tell."""
    await tx.run(delete(DELIVERY).where(DELIVERY.c.id == delivery_id))


async def retry(tx: Transaction, webhook_id: UUID, now: datetime) -> int:
    """Try all dead letters of the system anew; how many there were."""
    dead = (DELIVERY.c.webhook_id == webhook_id, DELIVERY.c.state == "dead")
    values = {"state": "waiting", "next_at": now, "attempts": 0, "ended_at": None}
    return (await tx.run(update(DELIVERY).where(*dead).values(values))).rowcount

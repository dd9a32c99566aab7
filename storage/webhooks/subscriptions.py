"""Which other systems are told of public events, of which, and how they take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import select as select_rows

from storage import events
from storage.database import METADATA, Transaction
from storage.tables.webhooks.webhooks import Webhook

__all__ = ["Kept", "Webhook", "add", "behind", "every", "get", "remove"]

WEBHOOK = METADATA.tables["webhook"]
DELIVERY = METADATA.tables["webhook_delivery"]
EVENT = METADATA.tables["event"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A subscription, and how many deliveries of it are in which state."""

    webhook: Webhook
    states: dict[str, int]


async def count(tx: Transaction) -> int:
    return int((await tx.run(select(func.count()).select_from(WEBHOOK))).scalar_one())


async def add(
    tx: Transaction, webhook_id: UUID, *, url: str, kinds: Sequence[str], secret: str, now: datetime
) -> None:
    """A subscription to what happens from now on."""
    values = {"id": webhook_id, "url": url, "kinds": list(kinds), "secret": secret}
    last = await events.last_id(tx)
    values |= {"created_at": now, "after_event": last, "off_reason": ""}
    await tx.run(insert(WEBHOOK).values(values))


async def get(tx: Transaction, webhook_id: UUID, *, lock: bool = False) -> Webhook | None:
    """The subscription; with ``lock`` nobody else changes it until the transaction ends."""
    query = select_rows(Webhook).where(Webhook.id == webhook_id)
    return await tx.row(query.with_for_update() if lock else query)


async def every(tx: Transaction) -> list[Kept]:
    """All subscriptions, the oldest first."""
    counted = select(DELIVERY.c.webhook_id, DELIVERY.c.state, func.count())
    states: dict[UUID, dict[str, int]] = {}
    for webhook_id, state, found in await tx.run(
        counted.group_by(DELIVERY.c.webhook_id, DELIVERY.c.state)
    ):
        states.setdefault(webhook_id, {})[state] = found
    rows = await tx.rows(select_rows(Webhook).order_by(WEBHOOK.c.created_at, WEBHOOK.c.id))
    return [Kept(row, states.get(row.id, {})) for row in rows]


async def behind(tx: Transaction, _now: datetime, limit: int) -> Sequence[UUID]:
    """Subscriptions beyond which the log goes on."""
    last = select(func.max(EVENT.c.id)).scalar_subquery()
    query = select(WEBHOOK.c.id).where(WEBHOOK.c.off_at.is_(None), WEBHOOK.c.after_event < last)
    return list((await tx.run(query.order_by(WEBHOOK.c.after_event).limit(limit))).scalars())


async def reached(tx: Transaction, webhook_id: UUID, event_id: int) -> None:
    """Everything up to the event is on its way."""
    await tx.run(update(WEBHOOK).where(WEBHOOK.c.id == webhook_id).values(after_event=event_id))


async def took(tx: Transaction, webhook_id: UUID) -> None:
    """The system has taken something."""
    failing = (WEBHOOK.c.id == webhook_id, WEBHOOK.c.failing_since.is_not(None))
    await tx.run(update(WEBHOOK).where(*failing).values(failing_since=None))


async def failed(tx: Transaction, webhook_id: UUID, now: datetime) -> datetime | None:
    """The system has not taken something: since when that is so. None: it is off or removed."""
    query = (
        update(WEBHOOK)
        .where(WEBHOOK.c.id == webhook_id, WEBHOOK.c.off_at.is_(None))
        .values(failing_since=func.coalesce(WEBHOOK.c.failing_since, now))
        .returning(WEBHOOK.c.failing_since)
    )
    since: datetime | None = (await tx.run(query)).scalar()
    return since


async def switch_off(tx: Transaction, webhook_id: UUID, reason: str, now: datetime) -> bool:
    """Tell the system nothing any more; False if it is off already."""
    on = (WEBHOOK.c.id == webhook_id, WEBHOOK.c.off_at.is_(None))
    result = await tx.run(update(WEBHOOK).where(*on).values(off_at=now, off_reason=reason))
    return result.rowcount == 1


async def switch_on(tx: Transaction, webhook_id: UUID) -> None:
    """Try the system again, as if it had never failed."""
    values = {"off_at": None, "off_reason": "", "failing_since": None}
    await tx.run(update(WEBHOOK).where(WEBHOOK.c.id == webhook_id).values(values))


async def remove(tx: Transaction, webhook_id: UUID) -> bool:
    """End the subscription, and forget what was to reach it; False if there is none."""
    await get(tx, webhook_id, lock=True)
    await tx.run(delete(DELIVERY).where(DELIVERY.c.webhook_id == webhook_id))
    return (await tx.run(delete(WEBHOOK).where(WEBHOOK.c.id == webhook_id))).rowcount == 1

"""Deliveries: made from the log, sent, tried again, given up.

An event is on its way in the transaction that moves its subscription on in the log, and is noted
as arrived after it has: a process that dies between sends it again, under the same id.
"""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import structlog

from collab.process.webhooks.pauses import ATTEMPTS_MAX, WAITING_MAX, is_given_up, retry_at
from server.services import Services
from server.settings import Settings
from server.webhooks.letters import trial_body, written
from server.webhooks.sending import GONE, SENT, send
from server.webhooks.signing import signed
from storage import events
from storage.tables.webhooks.webhooks import Webhook, WebhookDelivery
from storage.webhooks import deliveries, subscriptions

EVENTS_PER_READ: Final = 500
AT_ONCE: Final = 8
LAST_FAULT: Final = "the process ended during the last attempt"
TOO_LONG: Final = "took nothing for too long"

log = structlog.get_logger(__name__)


async def make(services: Services, webhook_id: UUID) -> None:
    """Have the next public events reach the system."""
    now = services.clock()
    async with services.database.write() as tx:
        webhook = await subscriptions.get(tx, webhook_id, lock=True)
        if webhook is None or webhook.off_at is not None:
            return
        limit = min(EVENTS_PER_READ, WAITING_MAX - await deliveries.waiting(tx, webhook_id))
        if limit <= 0:
            return
        last = await events.last_id(tx)
        found = await events.since(tx, webhook.after_event, public_only=True, limit=limit)
        reached = max([last, *(each.id for each in found)])
        if len(found) == limit:
            reached = found[-1].id
        wanted = [each.id for each in found if each.idea_id and is_wanted(webhook, each.kind)]
        await deliveries.add(tx, webhook_id, wanted, now)
        await subscriptions.reached(tx, webhook_id, reached)


def is_wanted(webhook: Webhook, kind: str) -> bool:
    """Whether the system has asked for events of this kind."""
    return not webhook.kinds or kind in webhook.kinds


async def leave(services: Services, delivery_id: UUID) -> None:
    """Try once to deliver what is due, unless its system is off or another process does."""
    now = services.clock()
    async with services.database.write() as tx:
        delivery = await deliveries.get(tx, delivery_id)
        if delivery is None or delivery.next_at is None or delivery.next_at > now:
            return
        webhook = await subscriptions.get(tx, delivery.webhook_id)
        if webhook is None or webhook.off_at is not None:
            return
        number = delivery.attempts + 1
        # The last attempt is tried as long as one could still be under way elsewhere.
        claimed_until = retry_at(number, now) or retry_at(1, now) or now
        if not await deliveries.try_now(tx, delivery, claimed_until):
            return
    if number > ATTEMPTS_MAX:
        await _failed(services, delivery, LAST_FAULT, is_last=True)
        return
    fault = await _sent(services, webhook, delivery, now)
    if fault is None:
        async with services.database.write() as tx:
            await deliveries.drop(tx, delivery_id)
    elif fault == SENT:
        async with services.database.write() as tx:
            await deliveries.end(tx, delivery_id, "delivered", services.clock())
            await subscriptions.took(tx, webhook.id)
    else:
        await _failed(services, delivery, fault, is_last=number == ATTEMPTS_MAX)


async def try_out(settings: Settings, webhook: Webhook, now: datetime) -> str:
    """Send a test, also to a system that is off: ``SENT``, or what is wrong."""
    body = trial_body(settings, now)
    headers = signed(webhook.secret, uuid4(), body, now)
    return await send(webhook.url, body, headers, private=settings.webhook_private)


async def _sent(
    services: Services, webhook: Webhook, delivery: WebhookDelivery, now: datetime
) -> str | None:
    """What became of the attempt; None if there is nothing left to tell."""
    async with services.database.read() as tx:
        body = await written(services, tx, delivery)
    if body is None:
        return None
    headers = signed(webhook.secret, delivery.id, body, now)
    return await send(webhook.url, body, headers, private=services.settings.webhook_private)


async def _failed(
    services: Services, delivery: WebhookDelivery, fault: str, *, is_last: bool
) -> None:
    """Note it; a system that has gone, or takes nothing for too long, is told nothing more."""
    now = services.clock()
    reason = ""
    async with services.database.write() as tx:
        if is_last:
            await deliveries.end(tx, delivery.id, "dead", now, fault)
        else:
            await deliveries.note_fault(tx, delivery.id, fault)
        since = await subscriptions.failed(tx, delivery.webhook_id, now)
        if since is not None and (fault == GONE or is_given_up(since, now)):
            reason = fault if fault == GONE else TOO_LONG
            await subscriptions.switch_off(tx, delivery.webhook_id, reason, now)
    webhook_id = str(delivery.webhook_id)
    if is_last:
        log.error("webhook_given_up", webhook=webhook_id, reason=fault)
    if reason:
        log.error("webhook_switched_off", webhook=webhook_id, reason=reason)

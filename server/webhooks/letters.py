"""What another system is told of an event: what everybody can read of it, at that moment."""

import json
from datetime import datetime
from typing import Any, Final

from collab.errors import NotFound
from collab.process.actors import GUEST
from server.actions.cases import open_case
from server.api.events import EventOut, told
from server.services import Services
from server.settings import Settings
from storage import events, people
from storage.database import Transaction
from storage.tables.webhooks.webhooks import WebhookDelivery

BODY_BYTES_MAX: Final = 64 * 1024
TEST: Final = "test"


async def written(services: Services, tx: Transaction, delivery: WebhookDelivery) -> bytes | None:
    """The body; None if nothing is left that everybody may read."""
    found = await events.since(tx, delivery.event_id - 1, public_only=True, limit=1)
    event = found[0] if found else None
    if event is None or event.id != delivery.event_id or event.ref is None:
        return None
    try:
        case = await open_case(tx, GUEST, event.ref)
    except NotFound:
        return None
    actors = await people.named(tx, {event.actor_id} if event.actor_id else set())
    item = told(case, event, actors)
    if item is None:
        return None
    address = f"{services.settings.address}/ideas/{event.ref}"
    about = {"idea": event.ref, "url": address}
    body = _body(about, item)
    if len(body) > BODY_BYTES_MAX:
        body = _body({**about, "shortened": True}, item.model_copy(update={"payload": {}}))
    return body


def trial_body(settings: Settings, now: datetime) -> bytes:
    """The body of a test, which tells of no event."""
    return _encoded(TEST, now.isoformat(), {"from": settings.address})


def _body(about: dict[str, Any], item: EventOut) -> bytes:
    said = item.model_dump(mode="json")
    return _encoded(item.kind, said["at"], {**about, "event": said})


def _encoded(kind: str, at: str, data: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind, "timestamp": at, "data": data}, ensure_ascii=False).encode()

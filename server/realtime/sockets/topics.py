"""The socket of ``/live``: JSON text, ``{"subscribe": [topic, …]}`` from the page.

Answers ``{"subscribed": [...], "event": id}`` with the topics the visitor may follow, then
``{"changed": [...], "event": id}``.
"""

from __future__ import annotations

import json

from starlette.websockets import WebSocket

from collab.errors import Invalid
from collab.process.actors import GUEST, Actor, Role
from collab.process.events import ARENA_TOPIC
from collab.process.permissions import Action, may
from collab.process.references import parse_reference
from server.auth.holders import actor_of
from server.realtime.hub import hub_of
from server.realtime.live import Live, Subscriber
from server.realtime.sockets.connection import CLOSE_MALFORMED, Pace
from server.realtime.sockets.entry import enter
from server.realtime.sockets.seats import run_connection
from server.services import Services, services_of
from storage import events, ideas, people
from storage.database import Transaction

TOPICS_MAX = 64
MESSAGE_CHARS_MAX = 8_192
MESSAGES_PER_S = 5.0
MESSAGES_BURST = 20.0
"""A page asks once, and again when it has changed; each time costs queries per idea."""


async def endpoint(websocket: WebSocket) -> None:
    """Serve one page."""
    services = services_of(websocket)
    entered = await enter(services, websocket)
    if entered is None:
        return
    connection, actor = entered
    live: Live = services.live
    hub = hub_of(services)
    hub.register(connection)
    subscriber = live.add(connection)

    async def read() -> None:
        pace = Pace(MESSAGES_PER_S, MESSAGES_BURST)
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            wanted = _topics(text)
            if wanted is None:
                connection.close(CLOSE_MALFORMED, "malformed")
                return
            await _subscribe(services, subscriber, actor, wanted)
            await pace.spend(len(text or ""))

    try:
        await run_connection(connection, read)
    finally:
        live.remove(subscriber)
        hub.unregister(connection)


def _topics(text: str | None) -> list[str] | None:
    """The topics a page asks for; ``None`` if the message is not one."""
    if text is None or len(text) > MESSAGE_CHARS_MAX:
        return None
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    wanted = message.get("subscribe") if isinstance(message, dict) else None
    if not isinstance(wanted, list) or len(wanted) > TOPICS_MAX:
        return None
    return wanted if all(isinstance(topic, str) for topic in wanted) else None


async def _subscribe(
    services: Services, subscriber: Subscriber, actor: Actor, wanted: list[str]
) -> None:
    """Replace the subscriber's topics by those it may follow."""
    refs = {topic: ref for topic in wanted if (ref := _ref_of(topic)) is not None}
    async with services.database.read() as tx:
        actor = await _as_he_is_now(tx, actor)
        readable = {ref for ref in set(refs.values()) if await _may_read(tx, actor, ref)}
        last = await events.last_id(tx)
    topics = {topic for topic, ref in refs.items() if ref in readable}
    topics |= {ARENA_TOPIC}.intersection(wanted)
    subscriber.topics = frozenset(topics)
    subscriber.connection.send(json.dumps({"subscribed": sorted(topics), "event": last}))


def _ref_of(topic: str) -> str | None:
    """The idea's reference in ``idea:{ref}:{part}``."""
    head, _, rest = topic.partition(":")
    ref, _, part = rest.partition(":")
    if head != "idea" or not part:
        return None
    try:
        return str(parse_reference(ref))
    except Invalid:
        return None


async def _as_he_is_now(tx: Transaction, actor: Actor) -> Actor:
    """The actor with today's roles: his socket may be older than they are."""
    person = await people.get(tx, actor.person_id) if actor.person_id else None
    return GUEST if person is None else actor_of(person, await people.roles(tx, person.id))


async def _may_read(tx: Transaction, actor: Actor, ref: str) -> bool:
    idea = await ideas.by_ref(tx, ref)
    if idea is None:
        return False
    if actor.person_id is not None:
        actor = actor.with_roles(map(Role, await ideas.roles(tx, idea.id, actor.person_id)))
    return may(actor, Action.READ_IDEA, idea.stage)

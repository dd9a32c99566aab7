"""The socket of ``/live``: JSON text, ``{"subscribe": [topic, …]}`` from the page.

Answers ``{"subscribed": [...], "event": id}`` with the topics the visitor may follow, then
``{"changed": [...], "event": id, "within": ms}``. A page that follows the board says at which card
its reader is: ``{"looking": "2026-00042"}``, or null.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

import structlog
from starlette.websockets import WebSocket

from collab.errors import Invalid
from collab.process.actors import GUEST, Actor
from collab.process.events.event import ARENA_TOPIC, BOARD_TOPIC, INBOX_TOPIC, QUEUE_TOPIC
from collab.process.events.gathering.workshops import PARTS as WORKSHOP_PARTS
from collab.process.events.gathering.workshops import WORKSHOP_TOPIC
from collab.process.permissions import Action, may
from collab.process.references import parse_reference
from collab.process.workshop.codes import CODE_CHARS
from server.actions.cases import at_idea
from server.auth.holders import actor_of
from server.network.pace import Bucket
from server.realtime.hub import Hub, hub_of
from server.realtime.live import Live, Subscriber
from server.realtime.onlookers import Onlooker
from server.realtime.sockets.connection import CLOSE_MALFORMED, CLOSE_TRY_AGAIN_LATER, Connection
from server.realtime.sockets.entry import enter
from server.services import Services, services_of
from storage import events, ideas, people
from storage.database import Transaction
from storage.workshop import workshops

log = structlog.get_logger()

TOPICS_MAX = 64
MESSAGE_CHARS_MAX = 8_192
MESSAGES_PER_S = 5.0
MESSAGES_BURST = 20.0
"""A page asks once, and again when it has changed; each time costs queries per idea."""


async def endpoint(websocket: WebSocket) -> None:
    """Let one page listen."""
    services = services_of(websocket)
    entered = await enter(services, websocket, "live")
    if entered is not None:
        connection, actor = entered
        Page(services, hub_of(services), connection, actor).begin()


class Page:
    """An open page and what it asks for."""

    def __init__(self, services: Services, hub: Hub, connection: Connection, actor: Actor) -> None:
        self._services = services
        self._hub = hub
        self._connection = connection
        self._actor = actor
        self._live: Live = services.live
        self._subscriber = self._live.add(connection)
        self._pace = Bucket(MESSAGES_PER_S, MESSAGES_BURST, _now())

    def begin(self) -> None:
        """Hear the page from now on."""
        self._connection.begin(self._receive, self._lost)

    def _receive(self, message: bytes | str) -> None:
        match _parsed(message):
            case {"subscribe": list() as wanted} if _are_topics(wanted):
                self._connection.pause()
                self._hub.spawn(self._answer(wanted), "page")
            case {"looking": (str() | None) as ref} if ref is None or _is_reference(ref):
                self._live.look(self._subscriber, ref)
                self._rest()
            case _:
                self._connection.close(CLOSE_MALFORMED, "malformed")

    async def _answer(self, wanted: list[str]) -> None:
        """Subscribe, and read on when the page may ask again."""
        try:
            actor = await _subscribe(self._services, self._subscriber, self._actor, wanted)
            if BOARD_TOPIC in self._subscriber.topics:
                self._live.come_to_board(self._subscriber, Onlooker.of(actor))
        except Exception as error:
            log.error("page failed", connection=self._connection.name, exc_info=error)
            self._connection.close(CLOSE_TRY_AGAIN_LATER, "try-again")
        self._rest()

    def _rest(self) -> None:
        """Read on when the page may say something again."""
        debt_s = self._pace.spend(1, _now())
        self._connection.pause()
        asyncio.get_running_loop().call_later(debt_s, self._connection.resume)

    def _lost(self) -> None:
        self._live.remove(self._subscriber)
        self._hub.sockets.discard(self._connection)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _parsed(text: bytes | str) -> object:
    """What a page says; ``None`` if it is no JSON of a size that pages send."""
    if not isinstance(text, str) or len(text) > MESSAGE_CHARS_MAX:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _are_topics(wanted: list[object]) -> bool:
    return len(wanted) <= TOPICS_MAX and all(isinstance(topic, str) for topic in wanted)


def _is_reference(text: str) -> bool:
    try:
        parse_reference(text)
    except Invalid:
        return False
    return True


async def _subscribe(
    services: Services, subscriber: Subscriber, actor: Actor, wanted: list[str]
) -> Actor:
    """Replace the subscriber's topics by those it may follow; the actor as he is now."""
    refs = {topic: ref for topic in wanted if (ref := _ref_of(topic)) is not None}
    async with services.database.read() as tx:
        actor = await _as_he_is_now(tx, actor)
        readable = {ref for ref in set(refs.values()) if await _may_read(tx, actor, ref)}
        at_workshops = await _of_workshops(tx, wanted)
        last = await events.last_id(tx)
    topics = {topic for topic, ref in refs.items() if ref in readable}
    topics |= {ARENA_TOPIC}.intersection(wanted)
    if actor.person_id is not None:
        topics |= {INBOX_TOPIC}.intersection(wanted)
    topics |= at_workshops
    if may(actor, Action.READ_BOARD):
        topics |= {BOARD_TOPIC}.intersection(wanted)
    if may(actor, Action.READ_REPORTS):
        topics |= {QUEUE_TOPIC}.intersection(wanted)
    subscriber.topics = frozenset(topics)
    subscriber.connection.send(json.dumps({"subscribed": sorted(topics), "event": last}))
    return actor


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


async def _of_workshops(tx: Transaction, wanted: Iterable[str]) -> set[str]:
    """The topics of workshops that there are: whoever knows a code may know that they changed."""
    found: set[str] = set()
    for topic in wanted:
        head, _, rest = topic.partition(":")
        code, _, part = rest.partition(":")
        if head == WORKSHOP_TOPIC and part in WORKSHOP_PARTS and len(code) == CODE_CHARS:
            coded = await workshops.by_code(tx, code)
            found |= {topic} if coded and coded[0].code == code else set()
    return found


async def _as_he_is_now(tx: Transaction, actor: Actor) -> Actor:
    """The actor with today's roles: his socket may be older than they are."""
    person = await people.get(tx, actor.person_id) if actor.person_id else None
    return GUEST if person is None else actor_of(person, await people.roles(tx, person.id))


async def _may_read(tx: Transaction, actor: Actor, ref: str) -> bool:
    idea = await ideas.by_ref(tx, ref)
    if idea is None:
        return False
    return may(await at_idea(tx, actor, idea), Action.READ_IDEA, idea.stage)

"""Connects the parts of a node with the relay: what they tell, and what they do when told.

Everything heard is a hint: it makes a part read the database sooner than it would by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.monitoring.version import VERSION
from server.realtime.announce import Announcer, text_topics
from server.realtime.draining import ended
from server.realtime.hub import Hub
from server.realtime.live import Live
from server.realtime.relay.documents import connect_documents
from server.realtime.relay.messages import NAMES_MAX, Alive, Changed, Ended, Happened, Told, Touched
from server.realtime.relay.nodes import Nodes
from server.realtime.relay.relay import BusOf, Relay
from server.realtime.relay.rosters import connect_rosters
from server.realtime.relay.seats import connect_seats
from server.realtime.relay.site import Site
from server.services import Clock
from server.settings import Settings
from storage import migrate
from storage.cluster.installation import installation_id
from storage.database import Database
from storage.relay.bus import RedisBus, uniform


@dataclass(frozen=True, slots=True)
class Relaying:
    """How a node meets the others: over which bus, and which address they serve together."""

    bus_of: BusOf
    address: str


Parts = tuple[Hub, Live, Announcer]


@asynccontextmanager
async def connected(
    relaying: Relaying, database: Database, clock: Clock, parts: Parts
) -> AsyncIterator[Relay]:
    """The relay of this node, running, with its parts connected.

    Raises:
        RelayRefused: another installation serves this address, or the URL is wrong.
    """
    hub, live, announcer = parts
    async with database.read() as tx:
        installation = await installation_id(tx)
    relay = Relay(installation, relaying.bus_of)
    nodes = Nodes(relay, _alive, clock)
    site = Site(relay.bus, relaying.address, installation)
    relay.is_refused = lambda: site.why_not is not None
    await site.claim()
    _connect_polling(relay, hub, announcer)
    _connect_events(relay, announcer)
    _connect_topics(relay, hub, live, announcer)
    _connect_ended(relay, hub)
    connect_documents(relay, hub)
    connect_seats(relay, nodes, hub)
    connect_rosters(relay, nodes, hub, live)
    await relay.start()
    beating = [asyncio.create_task(each.run()) for each in (nodes, site)]
    try:
        yield relay
    finally:
        await ended(beating)
        nodes.leave()
        await relay.stop()


def relaying_by(settings: Settings) -> Relaying | None:
    """How the settings say that this node meets others; ``None``: it is alone."""
    url = settings.redis_url
    if url is None:
        return None
    return Relaying(lambda listener: RedisBus(url, listener, uniform), settings.address)


def _connect_polling(relay: Relay, hub: Hub, announcer: Announcer) -> None:
    """Without the relay this node looks often; when it is back, at once: it missed something."""
    hub.watch.is_alone = True

    def on_listening(channel: str | None) -> None:
        if channel is None:
            hub.watch.is_alone = False
            hub.watch.look_for_ended()
            announcer.wake()
        hub.watch.look_for_heads()

    def on_lost() -> None:
        hub.watch.is_alone = True

    relay.on_listening.append(on_listening)
    relay.on_lost.append(on_lost)


def _connect_events(relay: Relay, announcer: Announcer) -> None:
    announcer.on_announced = lambda: relay.tell_all(Happened())
    relay.on(Happened, lambda _node, _happened: announcer.wake())


def _connect_topics(relay: Relay, hub: Hub, live: Live, announcer: Announcer) -> None:
    """Texts and reactions move no event, so their topics are told from node to node."""

    def text_changed(ref: str) -> None:
        live.touch(*text_topics(ref))
        relay.tell_all(Touched(topics=text_topics(ref)))

    def tell_elsewhere(people: Collection[UUID], topic: str) -> None:
        some = list(people)
        for start in range(0, len(some), NAMES_MAX):
            relay.tell_all(Told(people=tuple(some[start : start + NAMES_MAX]), topic=topic))

    hub.on_text = text_changed
    live.on_told = tell_elsewhere
    live.on_touched = lambda topics: relay.tell_all(Touched(topics=tuple(topics)))
    relay.on(Touched, lambda _node, touched: live.touch(*touched.topics))
    announcer.texts.on_told = lambda documents: relay.tell_all(Changed(documents=tuple(documents)))
    relay.on(Changed, lambda _node, changed: announcer.texts.heard(changed.documents))
    relay.on(Told, lambda _node, told: live.tell_people_here(set(told.people), told.topic))


def _connect_ended(relay: Relay, hub: Hub) -> None:
    hub.on_ended = lambda: relay.tell_all(Ended())
    relay.on(Ended, lambda _node, _ended: hub.watch.look_for_ended())


def _alive(now: datetime) -> Alive:
    return Alive(version=VERSION, revision=migrate.head(), at=now)

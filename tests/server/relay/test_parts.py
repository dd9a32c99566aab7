"""The parts of the relay by themselves: what waits to be said, who is there, whose site it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from server.realtime.relay import nodes as nodes_module
from server.realtime.relay.channels import SHARDS, Channels
from server.realtime.relay.messages import (
    PACKET_BYTES_MAX,
    Alive,
    Happened,
    Leaving,
    Parcel,
    Touched,
    decode,
    encode,
)
from server.realtime.relay.nodes import Nodes
from server.realtime.relay.post import WAITING_MAX, Post
from server.realtime.relay.relay import Relay
from server.realtime.relay.site import Site
from storage.relay.memory import Exchange
from storage.relay.unavailable import RelayRefused, RelayUnavailable

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
HERE = UUID(int=1)


class Ear:
    """Hears what the exchange brings, as parcels."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []

    def heard(self, channel: str, packet: bytes) -> None:
        parcel = decode(packet)
        assert parcel is not None
        self.parcels.append(parcel)

    def listening(self, channel: str) -> None: ...

    def lost(self, why: RelayUnavailable) -> None: ...


async def test_t3_what_came_together_leaves_in_one_parcel_per_channel() -> None:
    exchange, ear = Exchange(), Ear()
    bus = exchange.bus(ear)
    await bus.listen("a")
    await bus.listen("b")
    post = Post("me", bus)
    for topic in ("1", "2"):
        post.say("a", Touched(topics=(topic,)))
    post.say("b", Happened())
    await post.send()
    assert [parcel.items for parcel in ear.parcels] == [
        (Touched(topics=("1",)), Touched(topics=("2",))),
        (Happened(),),
    ]
    assert (post.sent, post.dropped) == (3, 0)


async def test_t3_what_waits_is_bounded_and_what_nobody_can_hear_is_dropped() -> None:
    exchange = Exchange()
    bus = exchange.bus(Ear())
    post = Post("me", bus)
    post.say("a", Happened())
    assert post.dropped == 1, "not connected"
    await bus.listen("a")
    for _ in range(WAITING_MAX + 3):
        post.say("a", Happened())
    assert post.dropped == 4
    exchange.is_up = False  # and nobody has noticed yet
    await post.send()
    assert post.sent == 0
    assert post.dropped > 4


def test_t7_messages_of_a_newer_arena_are_left_out() -> None:
    newer = {"kind": "telepathy", "thought": 1}
    items = [newer, {"kind": "happened"}, {"kind": "touched"}, 7]
    parcel = decode(json.dumps({"node": "n", "items": items, "more": 1}).encode())
    assert parcel == Parcel(node="n", items=(Happened(),))


def test_t7_a_packet_beyond_the_bound_is_none() -> None:
    fits = encode(Parcel(node="n", items=(Happened(),)))
    assert decode(fits.ljust(PACKET_BYTES_MAX)) is not None
    assert decode(fits.ljust(PACKET_BYTES_MAX + 1)) is None


def test_t1_documents_are_dealt_to_all_channels_of_their_installation() -> None:
    mine, yours = Channels(HERE), Channels(UUID(int=2))
    names = {mine.of(UUID(int=number)) for number in range(1_000)}
    assert len(names) == SHARDS
    assert names.isdisjoint({yours.of(UUID(int=number)) for number in range(1_000)})


class Company:
    """The nodes that one node knows, and the time it believes in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(nodes_module, "_now", lambda: self.now)
        self.relay = Relay(HERE, Exchange().bus)
        self.nodes = Nodes(self.relay, self.alive, lambda: NOW)
        self.news: list[str] = []
        self.nodes.on_come.append(lambda node: self.news.append(f"{node} came"))
        self.nodes.on_gone.append(lambda node: self.news.append(f"{node} went"))

    @staticmethod
    def alive(now: datetime) -> Alive:
        return Alive(version="1", revision="0028", at=now)

    def hear(self, node: str, message: Alive | Leaving) -> None:
        self.relay.heard("", encode(Parcel(node=node, items=(message,))))


async def test_t8_a_silent_node_is_gone_after_five_seconds_one_that_leaves_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    company = Company(monkeypatch)
    for node in ("a", "b"):
        company.hear(node, company.alive(NOW))
        company.hear(node, company.alive(NOW))
    company.hear("b", Leaving())
    company.now = nodes_module.GONE_S
    company.nodes.beat()
    assert company.news == ["a came", "b came", "b went"]
    company.now += 0.1
    company.nodes.beat()
    assert company.news[-1] == "a went"
    assert len(company.nodes) == 0


async def test_t8_a_node_of_which_only_something_else_was_heard_is_gone_as_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    company = Company(monkeypatch)
    for node in ("a", "b"):
        company.nodes.expect(node)
    company.hear("b", company.alive(NOW))
    company.now = nodes_module.GONE_S + 0.1
    company.hear("b", company.alive(NOW))
    company.nodes.beat()
    company.nodes.beat()
    assert company.news == ["b came", "a went"]


async def test_t8_the_number_of_nodes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes_module, "NODES_MAX", 2)
    company = Company(monkeypatch)
    for node in ("a", "b", "c"):
        company.hear(node, company.alive(NOW))
    assert "c" not in company.nodes
    assert len(company.nodes) == 2


async def test_t12_another_database_behind_the_same_address_is_refused() -> None:
    exchange = Exchange()
    bus = exchange.bus(Ear())
    address = "https://arena.example"
    first = Site(bus, address, HERE)
    await first.claim()
    await first.claim()
    other = Site(bus, address, UUID(int=2))
    with pytest.raises(RelayRefused, match="another database"):
        await other.claim()
    assert other.why_not is not None
    await Site(bus, "https://elsewhere.example", UUID(int=2)).claim()
    exchange.is_up = False
    await other.claim()  # nobody can be asked, so nothing is claimed

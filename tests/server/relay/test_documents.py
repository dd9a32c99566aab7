"""What is typed at one node is in the document at every other, relay or not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from collab.sync.messages import Acknowledged
from server.realtime.hub import hub_of
from server.realtime.polling import watch
from server.realtime.relay import documents
from server.realtime.relay.documents import heard, told
from server.realtime.relay.messages import Moved, Parcel, decode, encode
from server.realtime.rooms.elsewhere.written import Written
from storage.documents import Batch, LogRow
from tests.harness.waiting import until_true
from tests.server.realtime.table import Guest, Table
from tests.server.relay.conftest import Nodes
from tests.server.sockets import document_of

DOCUMENT = UUID(int=7)


def committed(*updates: bytes) -> Written:
    rows = [LogRow(update, UUID(int=1), ((5, 0, 1),)) for update in updates]
    return Written.of(Batch(DOCUMENT, 1, 4, 2, rows, {5: UUID(int=1), 6: None}))


def over_the_wire(moved: Moved) -> Moved:
    parcel = decode(encode(Parcel(node="n", items=(moved,))))
    assert parcel is not None
    (item,) = parcel.items
    assert isinstance(item, Moved)
    return item


def test_t1_a_turn_arrives_as_it_was_committed() -> None:
    written = committed(b"eins", b"\x00\xff")
    moved = over_the_wire(told(DOCUMENT, written))
    assert moved.digest is not None
    arrived = heard(moved, moved.digest)
    assert arrived == written
    assert arrived.is_sound(DOCUMENT)
    assert not arrived.is_sound(UUID(int=8))


def test_t3_what_is_too_long_is_not_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "CARRIED_BYTES_MAX", 4)
    assert told(DOCUMENT, committed(b"1234")).updates == (b"1234",)
    bare = over_the_wire(told(DOCUMENT, committed(b"12345")))
    assert (bare.updates, bare.digest, bare.seq) == ((), None, 5)


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who writes at one node."""

    table: Table
    guest: Guest

    async def type(self, text: str) -> None:
        await self.table.type(self.guest, text)

    async def until_saved(self, count: int) -> None:
        await self.guest.until(Acknowledged, count)

    async def until_reads(self, text: str) -> None:
        await until_true(lambda: text in self.guest.text, f"reads {text!r}")


async def both(nodes: Nodes) -> tuple[Writer, Writer]:
    """Two who write the same text, each at his own node."""
    ref = await nodes.one.idea("draft", kind="need")
    document_id = UUID((await document_of(nodes.one, ref)).split(".")[0])
    writers = []
    for node, handle in ((nodes.one, "author"), (nodes.other, "editor")):
        services, person = node.arena.services, (await node.actor(handle)).person_id
        assert person is not None
        table = Table(hub_of(services), services.database, document_id, person)
        writers.append(Writer(table, await table.sit(person)))
    return writers[0], writers[1]


@pytest.mark.usefixtures("no_polling")
async def test_t1_two_nodes_write_one_text_over_the_relay_alone(nodes: Nodes) -> None:
    ana, bo = await both(nodes)
    for number in range(5):
        await ana.type(f"ana{number} ")
        await bo.type(f"bo{number} ")
    await ana.until_reads("bo4")
    await bo.until_reads("ana4")
    await ana.until_saved(5)
    await bo.until_saved(5)
    assert ana.guest.text == bo.guest.text


async def test_t2_two_nodes_write_one_text_without_the_relay(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "HEADS_ALONE_S", 0.02)
    ana, bo = await both(nodes)
    nodes.exchange.go_down()
    await ana.type("ohne ")
    await bo.until_reads("ohne")
    nodes.exchange.come_back()
    await bo.type("mit ")
    await ana.until_reads("mit")
    assert ana.guest.text == bo.guest.text


@pytest.mark.usefixtures("no_polling")
async def test_t2_what_was_lost_on_the_way_comes_with_the_next_word(nodes: Nodes) -> None:
    ana, bo = await both(nodes)
    nodes.exchange.fate = lambda _packet: []
    await ana.type("verloren ")
    await ana.until_saved(1)
    nodes.exchange.fate = lambda packet: [packet, packet]
    await ana.type("gehört ")
    await bo.until_reads("gehört")
    assert "verloren" in bo.guest.text
    assert ana.guest.text == bo.guest.text

"""Who is where is the same at every node, and true again after a node, or the relay, was away."""

from __future__ import annotations

from uuid import UUID

import pytest

from collab.sync.messages import AwarenessEntry
from collab.sync.rooms.elsewhere import SEATS_MAX, STATE_BYTES_MAX, Seats
from server.realtime.hub import hub_of
from server.realtime.relay import nodes as nodes_module
from server.realtime.relay.messages import Parcel, decode, encode
from server.realtime.relay.seats import seated_of, seats_of
from server.realtime.rooms.elsewhere import telling
from tests.harness.waiting import until_true
from tests.server.relay.company import (
    Seated,
    a_document,
    heard_again,
    knowing_each_other,
    seated,
    silenced,
)
from tests.server.relay.conftest import Nodes


async def seeing_each_other(nodes: Nodes) -> tuple[UUID, Seated, Seated]:
    """A document, its author at one node with a cursor, and its editor at the other who sees it."""
    await knowing_each_other(nodes)
    _, document = await a_document(nodes)
    ana = await seated(nodes.one, document, "author", 7)
    bo = await seated(nodes.other, document, "editor", 8)
    await ana.point(1)
    await bo.until_sees({7: 1})
    return document, ana, bo


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t9_cursors_are_shown_at_every_node_and_go_with_who_leaves(nodes: Nodes) -> None:
    await knowing_each_other(nodes)
    _, document = await a_document(nodes)
    ana = await seated(nodes.one, document, "author", 7)
    bo = await seated(nodes.other, document, "editor", 8)
    for cursor in (1, 2):
        await ana.point(cursor)
        await bo.point(10 * cursor)
        await bo.until_sees({7: cursor})
        await ana.until_sees({8: 10 * cursor})
    late = await seated(nodes.other, document, "lead", 9)
    await late.until_sees({7: 2, 8: 20})
    ana.leave()
    await late.until_sees({8: 20})
    await bo.until_sees({})


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t9_a_room_that_opens_asks_who_is_there(nodes: Nodes) -> None:
    await knowing_each_other(nodes)
    _, document = await a_document(nodes)
    ana = await seated(nodes.one, document, "author", 7)
    await ana.point(1)
    await until_true(lambda: hub_of(nodes.one.arena.services).presence(), "shown")
    bo = await seated(nodes.other, document, "editor", 8)
    await bo.until_sees({7: 1})


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t9_who_changes_nodes_is_never_shown_as_gone(nodes: Nodes) -> None:
    document, ana, bo = await seeing_each_other(nodes)
    ana.leave()
    again = await seated(nodes.other, document, "author", 7)
    await again.point(1)  # the clock it had
    company = hub_of(nodes.one.arena.services).company
    await until_true(lambda: not company.here(document), "the old seat is given up")
    told = [
        entry
        for each in bo.guest.told
        for entry in getattr(each, "entries", ())
        if entry.client_id == 7 and entry.state is None
    ]
    assert told == []
    assert bo.sees() == {7: 1}


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t9_the_people_of_a_silent_node_go_and_come_back_with_it(nodes: Nodes) -> None:
    document, ana, bo = await seeing_each_other(nodes)
    hub = hub_of(nodes.other.arena.services)
    await until_true(lambda: len(hub.present(document)) == 1, "on the roster")
    silenced(nodes.one, nodes)
    await ana.point(2)
    await bo.until_sees({})
    await until_true(lambda: hub.presence() == {}, "gone from the roster")
    heard_again(nodes)
    await bo.until_sees({7: 2})
    await until_true(lambda: len(hub.present(document)) == 1, "on the roster again")


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t9_while_the_relay_is_away_nobody_else_is_shown_then_everybody(
    nodes: Nodes,
) -> None:
    document, ana, bo = await seeing_each_other(nodes)
    nodes.exchange.go_down()
    await ana.point(2)
    await bo.until_sees({})
    nodes.exchange.come_back()
    await bo.until_sees({7: 2})
    hub = hub_of(nodes.other.arena.services)
    await until_true(lambda: hub.presence() == {document: 1}, "on the roster again")


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t9_a_short_absence_of_the_relay_loses_no_cursor(nodes: Nodes) -> None:
    _, ana, bo = await seeing_each_other(nodes)
    nodes.exchange.go_down()
    await ana.point(2)
    await until_true(lambda: not len(ana.table.rooms[ana.guest].inbox), "taken")
    nodes.exchange.come_back()
    await bo.until_sees({7: 2})


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t11_what_was_lost_is_repeated_soon(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes_module, "GONE_S", 60.0)
    monkeypatch.setattr(telling, "REPEAT_S", 0.3)
    _, ana, bo = await seeing_each_other(nodes)
    silenced(nodes.one, nodes)
    await ana.point(2)
    await until_true(lambda: not len(ana.table.rooms[ana.guest].inbox), "taken")
    heard_again(nodes)
    await bo.until_sees({7: 2})


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t9_who_is_suspended_is_shown_at_no_node(nodes: Nodes) -> None:
    await knowing_each_other(nodes)
    _, document = await a_document(nodes)
    muted = await seated(nodes.one, document, "participant", 7)
    bo = await seated(nodes.other, document, "editor", 8)
    await muted.point(1)
    await bo.until_sees({7: 1})
    office = await nodes.other.client("office")
    answer = await office.put(
        "/api/v1/people/participant/suspension", json={"reason": "Beleidigungen"}
    )
    assert answer.status_code < 300, answer.text
    await bo.until_sees({})


def test_t11_beyond_its_bounds_a_seat_is_left_out_and_the_room_goes_on() -> None:
    long = AwarenessEntry(7, 1, "x" * (STATE_BYTES_MAX + 1))
    fits = AwarenessEntry(8, 1, "x" * STATE_BYTES_MAX)
    said = Seats(3, (long, fits), frozenset(range(SEATS_MAX + 1)))
    seated = seated_of(UUID(int=5), said)
    parcel = decode(encode(Parcel(node="n", items=(seated,))))
    assert parcel == Parcel(node="n", items=(seated,))
    heard = seats_of(seated)
    assert heard.entries == (fits,)
    assert heard.whole is not None
    assert (heard.serial, len(heard.whole)) == (3, SEATS_MAX)
